package dev.relais.hurl;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes outcomes as the XML of JUnit, which CI servers show: a suite for each file, a case for each entry. */
final class JunitXml {
    private JunitXml() {}

    /** @param outcomes by the name of the file, in the order in which they ran */
    static void write(Path file, Map<String, List<Outcome>> outcomes) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (Writer out = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuites");
            xml.writeCharacters("\n");
            for (Map.Entry<String, List<Outcome>> suite : outcomes.entrySet()) {
                write(xml, suite.getKey(), suite.getValue());
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private static void write(XMLStreamWriter xml, String name, List<Outcome> outcomes) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        attribute(xml, "name", name);
        attribute(xml, "tests", Integer.toString(outcomes.size()));
        attribute(
                xml,
                "failures",
                Long.toString(outcomes.stream().filter(one -> !one.isPassed()).count()));
        attribute(xml, "errors", "0");
        attribute(xml, "skipped", "0");
        attribute(xml, "time", seconds(outcomes));
        xml.writeCharacters("\n");
        for (Outcome one : outcomes) {
            xml.writeStartElement("testcase");
            attribute(xml, "classname", name.replaceFirst("\\.hurl$", "").replace('/', '.'));
            attribute(xml, "name", one.name());
            attribute(xml, "time", seconds(List.of(one)));
            if (!one.isPassed()) {
                xml.writeStartElement("failure");
                attribute(xml, "message", one.failures().get(0));
                xml.writeCharacters(allowed(String.join("\n", one.failures())));
                xml.writeEndElement();
            }
            xml.writeEndElement();
            xml.writeCharacters("\n");
        }
        xml.writeEndElement();
        xml.writeCharacters("\n");
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, allowed(value));
    }

    private static String seconds(Collection<Outcome> outcomes) {
        return String.format(
                Locale.ROOT, "%.3f", outcomes.stream().mapToLong(Outcome::nanos).sum() / 1e9);
    }

    /** The text without what no XML may have (XML 1.0 section 2.2). */
    private static String allowed(String text) {
        return text.replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD");
    }
}
