/**
 * Tests of functions: reads requests, and what is expected of their answers, in a part of the file format of Hurl, sends them to a gateway, and
 * tells what has come of them.
 *
 * <p>{@link dev.relais.hurl.FunctionTests} is what other rooms use. {@code HurlParser} makes {@code Entry}s of a file, {@code FileRun} runs
 * them, {@code JunitXml} writes the report for CI. What of Hurl's format is known stands in src/docs/live-coding.md; whatever is beyond it is
 * refused with its line, never passed over.
 */
@NullMarked
package dev.relais.hurl;

import org.jspecify.annotations.NullMarked;
