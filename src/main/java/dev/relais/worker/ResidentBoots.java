package dev.relais.worker;

import dev.relais.slot.BootTurns;
import dev.relais.slot.ResidentFacts;

/**
 * What makes the children of a group keep the application of a function in memory.
 *
 * @param turns lets few boot at a time
 * @param facts is told of boots
 */
public record ResidentBoots(BootTurns turns, ResidentFacts facts) {}
