/** What the tests of the running system share: a client that says every byte itself, functions directories, marks left by scripts, a browser. */
package dev.relais.testing;
