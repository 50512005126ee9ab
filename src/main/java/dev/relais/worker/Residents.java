package dev.relais.worker;

import dev.relais.slot.BootTurns;
import dev.relais.slot.Residence;

/**
 * What makes the children of a group keep an application in memory.
 *
 * @param turns lets few boot at a time
 * @param observer hears of boots
 */
public record Residents(BootTurns turns, Residence.Observer observer) {}
