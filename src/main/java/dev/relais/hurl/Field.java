package dev.relais.hurl;

/** A name and its value, which may have {@code {{variables}}}: of a header field, or of a parameter of a query or a form. */
record Field(String name, String value) {}
