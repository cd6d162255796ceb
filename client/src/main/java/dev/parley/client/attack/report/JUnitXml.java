package dev.parley.client.attack.report;

import dev.parley.lab.Result;
import dev.parley.lab.Verdict;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A test suite with a case for each attack: a success of the attacker is a failure, what is inconclusive an error. */
final class JUnitXml {
    private JUnitXml() {}

    static String of(List<Result> results) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "parley attack lab");
            xml.writeAttribute("tests", Integer.toString(results.size()));
            xml.writeAttribute("failures", Long.toString(count(results, Verdict.SUCCEEDED)));
            xml.writeAttribute("errors", Long.toString(count(results, Verdict.INCONCLUSIVE)));
            xml.writeAttribute(
                    "time",
                    seconds(results.stream()
                            .mapToLong(each -> each.took().toMillis())
                            .sum()));
            for (Result each : results) {
                testCase(xml, each);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeCharacters("\n");
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a text does not take XML", e);
        }
        return text.toString();
    }

    private static void testCase(XMLStreamWriter xml, Result result) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute(
                "classname",
                "parley.attack." + result.dossier().position().name().toLowerCase(Locale.ROOT));
        xml.writeAttribute("name", result.dossier().name());
        xml.writeAttribute("time", seconds(result.took().toMillis()));
        if (result.verdict() != Verdict.BLOCKED) {
            xml.writeEmptyElement(result.verdict() == Verdict.SUCCEEDED ? "failure" : "error");
            xml.writeAttribute("type", result.verdict().name());
            xml.writeAttribute("message", printable(result.reason()));
        }
        if (!result.lines().isEmpty()) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(printable(String.join("\n", result.lines())));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** XML 1.0 has no way to write most control characters. */
    private static String printable(String text) {
        return text.replaceAll(
                "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]|[\\uD800-\\uDBFF](?![\\uDC00-\\uDFFF])", "\uFFFD");
    }

    private static long count(List<Result> results, Verdict verdict) {
        return results.stream().filter(each -> each.verdict() == verdict).count();
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
    }
}
