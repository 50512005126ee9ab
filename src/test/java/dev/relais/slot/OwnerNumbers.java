package dev.relais.slot;

/** A worker that slots belong to, of which nothing is needed but its numbers. */
public record OwnerNumbers(int id, int generation) implements SlotOwner {}
