package dev.parlo.engine.text;

import dev.parlo.engine.EngineException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A request's text, taken apart by its markup: what is said in which manner, and the silences. Time
 * and memory are linear in the length of the text. Immutable.
 */
public final class Script {
    private final String source;
    private final List<Step> steps;
    private final List<TextMark> marks;

    Script(String source, List<Step> steps) {
        this(source, steps, List.of());
    }

    Script(String source, List<Step> steps, List<TextMark> marks) {
        this.source = source;
        this.steps = List.copyOf(steps);
        this.marks = List.copyOf(marks);
    }

    /**
     * Reads a text.
     *
     * @param text as the request gave it
     * @param markup what it may hold beside words
     * @return what is said, and how
     * @throws EngineException of category BAD_REQUEST when the markup is wrong, saying where
     */
    public static Script of(String text, TextMarkup markup) {
        return switch (markup) {
            case PLAIN ->
                    new Script(
                            text,
                            List.of(
                                    new Step.Passage(
                                            Manner.NORMAL,
                                            0,
                                            text.length(),
                                            List.of(),
                                            true,
                                            false)));
            case VOICE_TAGS -> VoiceTags.read(text);
            case SSML -> new SsmlReader(text).read();
        };
    }

    /**
     * {@return the text that word times speak of: the request's own, or that between SSML's tags}
     */
    public String source() {
        return source;
    }

    /** {@return the marks in it, in order} */
    public List<TextMark> marks() {
        return marks;
    }

    /** {@return whether there is a letter, a digit or a silence in it} */
    public boolean sounds() {
        return source.codePoints().anyMatch(Character::isLetterOrDigit)
                || steps.stream().anyMatch(Step.Silence.class::isInstance);
    }

    /** {@return seconds of all silences that it asks for} */
    public double silence() {
        double seconds = 0;
        for (Step step : steps) {
            seconds +=
                    switch (step) {
                        case Step.Silence(double asked) -> asked;
                        case Step.Passage passage when passage.markdown() ->
                                TextReader.PAUSE
                                        .matcher(source)
                                        .region(passage.from(), passage.to())
                                        .results()
                                        .mapToDouble(
                                                pause -> TextReader.pauseSeconds(pause.group(1)))
                                        .sum();
                        case Step.Passage plain -> 0;
                    };
        }
        return seconds;
    }

    List<Step> steps() {
        return steps;
    }

    /** {@return every manner that the text is spoken in, in the order in which they come} */
    public Set<Manner> manners() {
        Set<Manner> manners = new LinkedHashSet<>();
        for (Step step : steps) {
            if (step instanceof Step.Passage passage) {
                manners.add(passage.manner());
            }
        }
        return manners;
    }

    /** {@return the names of voices in the text} */
    public Set<String> voices() {
        Set<String> voices = new LinkedHashSet<>();
        for (Manner manner : manners()) {
            if (!manner.voice().isEmpty()) {
                voices.add(manner.voice());
            }
        }
        return voices;
    }
}
