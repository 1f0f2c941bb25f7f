package dev.parlo.engine.text;

import dev.parlo.engine.EngineException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import javax.xml.XMLConstants;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a document of the Speech Synthesis Markup Language 1.1 (W3C, 2010) into a script: {@code
 * speak}, {@code p}, {@code s}, {@code break}, {@code voice}, {@code prosody} (rate, volume),
 * {@code phoneme}, {@code sub}, {@code say-as}, {@code mark}. Of other elements the text is spoken,
 * but not that of {@code desc} and {@code metadata}. Document types and entities are refused,
 * whatever they are. Used once.
 */
final class SsmlReader {
    private static final int MAX_DEPTH = 10;

    private final String text;
    private final StringBuilder source = new StringBuilder();
    private final List<Step> steps = new ArrayList<>();
    private final List<Step.Aside> asides = new ArrayList<>();
    private final Deque<Manner> manners = new ArrayDeque<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final List<TextMark> marks = new ArrayList<>();
    private int passage;
    private int silences;

    /** The aside that is open and where it began; no element inside it means anything. */
    private Step.@Nullable Aside aside;

    private int asideDepth;

    /** Elements that are open within one whose text is not spoken. */
    private int silent;

    SsmlReader(String text) {
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        manners.push(Manner.NORMAL);
    }

    Script read() {
        try {
            XMLStreamReader xml = factory().createXMLStreamReader(new StringReader(text));
            try {
                while (xml.hasNext()) {
                    Location before = xml.getLocation();
                    int line = before.getLineNumber();
                    int column = before.getColumnNumber() - (behindBracket(before) ? 1 : 0);
                    event(xml, next(xml, line, column), line, column);
                }
            } finally {
                xml.close();
            }
        } catch (XMLStreamException broken) {
            throw broken(broken);
        }
        flush(true);
        return new Script(source.toString(), steps, marks);
    }

    private static int next(XMLStreamReader xml, int line, int column) throws XMLStreamException {
        try {
            return xml.next();
        } catch (RuntimeException broken) {
            // The JDK's parser throws what it likes, such as for a message that it does not have.
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    place(line, column) + "the document is not well-formed.",
                    broken);
        }
    }

    /** Behind text, the parser has taken the bracket of the next tag already. */
    private boolean behindBracket(Location at) {
        int offset = at.getCharacterOffset();
        return offset > 0 && offset <= text.length() && text.charAt(offset - 1) == '<';
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing outside the document is read");
        });
        return factory;
    }

    private void event(XMLStreamReader xml, int event, int line, int column) {
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> start(xml, line, column);
            case XMLStreamConstants.END_ELEMENT -> end();
            case XMLStreamConstants.CHARACTERS,
                    XMLStreamConstants.CDATA,
                    XMLStreamConstants.SPACE -> {
                if (silent == 0) {
                    say(xml.getText());
                }
            }
            case XMLStreamConstants.DTD ->
                    throw wrong(line, column, "document types (<!DOCTYPE …>) are not accepted");
            case XMLStreamConstants.ENTITY_REFERENCE ->
                    throw wrong(
                            line,
                            column,
                            "the entity &"
                                    + xml.getLocalName()
                                    + "; is not accepted; only &lt; &gt; &amp; &quot; &apos; and"
                                    + " numbers such as &#8364; are");
            default -> {
                // comments and processing instructions are not spoken
            }
        }
    }

    private void start(XMLStreamReader xml, int line, int column) {
        String name = xml.getLocalName();
        if (open.isEmpty() && !name.equals("speak")) {
            throw wrong(line, column, "the document must be <speak>, not <" + name + ">");
        }
        open.push(name);
        if (open.size() > MAX_DEPTH) {
            throw wrong(line, column, "elements are nested more than " + MAX_DEPTH + " deep");
        }
        Manner manner = manners.element();
        if (silent > 0 || name.equals("desc") || name.equals("metadata")) {
            silent++;
        } else if (name.equals("mark")) {
            String mark = new SsmlAttributes(xml, line, column).required("name");
            marks.add(new TextMark(mark, source.length(), silences));
        } else if (aside == null) {
            SsmlAttributes attributes = new SsmlAttributes(xml, line, column);
            manner = element(name, attributes, manner);
        }
        manners.push(manner);
    }

    private Manner element(String name, SsmlAttributes attributes, Manner manner) {
        switch (name) {
            case "p", "s" -> flush(true);
            case "break" -> {
                flush(false);
                double seconds = attributes.pause();
                if (seconds > 0) {
                    steps.add(new Step.Silence(seconds));
                    silences++;
                }
            }
            case "voice" -> {
                flush(true);
                String voice = attributes.optional("name");
                return voice == null ? manner : manner.withVoice(voice);
            }
            case "prosody" -> {
                flush(false);
                return new Manner(
                        manner.voice(),
                        Math.clamp(manner.rate() * attributes.rate(), 0.05, 20),
                        Math.clamp(manner.volume() * attributes.volume(), 0, 10));
            }
            case "sub" -> open(Step.How.INSTEAD, attributes.required("alias"), "");
            case "phoneme" -> open(Step.How.PHONEMES, attributes.phonemes(), "");
            case "say-as" -> {
                String format = attributes.optional("format");
                open(
                        Step.How.SAY_AS,
                        attributes.required("interpret-as").toLowerCase(Locale.ROOT),
                        format == null ? "" : format.toLowerCase(Locale.ROOT));
            }
            default -> {
                // emphasis, lang, audio and others change nothing
            }
        }
        return manner;
    }

    private void open(Step.How how, String given, String format) {
        aside = new Step.Aside(source.length(), source.length(), how, given, format);
        asideDepth = open.size();
    }

    private void end() {
        String name = open.element();
        if (silent > 0) {
            silent--;
        } else if (aside != null) {
            if (open.size() == asideDepth) {
                close(aside);
            }
        } else {
            switch (name) {
                case "p", "s", "voice" -> flush(true);
                case "prosody" -> flush(false);
                default -> {
                    // nothing ends with it
                }
            }
        }
        open.pop();
        manners.pop();
    }

    private void close(Step.Aside opened) {
        aside = null;
        int from = opened.from();
        if (source.substring(from).isBlank() && opened.how() != Step.How.SAY_AS) {
            // an empty element says something all the same, which needs a place in the text
            source.setLength(from);
            source.append(Pronunciations.withoutMarks(opened.given()));
        }
        while (from < source.length() && source.charAt(from) == ' ') {
            from++;
        }
        if (from < source.length()) {
            asides.add(
                    new Step.Aside(
                            from, source.length(), opened.how(), opened.given(), opened.format()));
        }
    }

    /** Adds text, white space collapsed as in all XML that is prose. */
    private void say(String added) {
        for (int i = 0; i < added.length(); i++) {
            char c = added.charAt(i);
            if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
                if (source.length() > passage && source.charAt(source.length() - 1) != ' ') {
                    source.append(' ');
                }
            } else {
                source.append(Pronunciations.isMark(c) ? ' ' : c);
            }
        }
    }

    private void flush(boolean ended) {
        if (!source.substring(passage).isBlank()) {
            steps.add(
                    new Step.Passage(
                            manners.element(), passage, source.length(), asides, false, ended));
            if (source.charAt(source.length() - 1) != ' ') {
                source.append(' ');
            }
        }
        asides.clear();
        passage = source.length();
    }

    static EngineException wrong(int line, int column, String problem) {
        return new EngineException(
                EngineException.Category.BAD_REQUEST, place(line, column) + problem + ".");
    }

    private static String place(int line, int column) {
        return "SSML, line " + line + ", column " + column + ": ";
    }

    private EngineException broken(XMLStreamException failure) {
        Location at = failure.getLocation();
        String message = String.valueOf(failure.getMessage());
        // the parser puts the place before the message, in words of its own
        int own = message.indexOf("Message: ");
        String problem = own < 0 ? message : message.substring(own + "Message: ".length());
        problem = problem.strip();
        if (problem.endsWith(".")) {
            problem = problem.substring(0, problem.length() - 1);
        }
        // what the parser says of these two helps nobody who did not write a parser
        if (problem.contains("must start and end within the same entity")) {
            problem = "the text ends before every element is closed; end it with </speak>";
        } else if (problem.contains("not allowed in prolog")) {
            problem =
                    "the text does not begin with <speak>; a text without markup is sent without"
                            + " \"ssml\"";
        }
        return at == null
                ? new EngineException(
                        EngineException.Category.BAD_REQUEST, "SSML: " + problem + ".", failure)
                : wrong(at.getLineNumber(), at.getColumnNumber(), problem);
    }
}
