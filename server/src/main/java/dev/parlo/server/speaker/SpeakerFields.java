package dev.parlo.server.speaker;

import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.options.OptionType.texts;
import static dev.parlo.server.options.OptionType.whole;

import dev.parlo.engine.speaker.DiarizationOptions;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.options.Option;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a request says of its speakers. Filled by its {@linkplain #options options}; one thread. */
public final class SpeakerFields {
    private static final int LONGEST_NAME = 200;

    @Nullable Integer number;
    @Nullable Integer least;
    @Nullable Integer most;
    List<String> names = List.of();
    boolean references;
    @Nullable String embeddingModel;

    /** The names of people who are known. */
    public List<String> names() {
        return names;
    }

    /**
     * The fields that were given although only voices are told by them.
     *
     * @param channels whether each name is that of a channel
     */
    public List<String> given(boolean channels) {
        List<String> given = new ArrayList<>();
        Map<String, Boolean> all = new LinkedHashMap<>();
        all.put("num_speakers", number != null);
        all.put("min_speakers", least != null);
        all.put("max_speakers", most != null);
        all.put("known_speaker_names", !names.isEmpty() && !channels);
        all.put("known_speaker_references", references);
        all.put("embedding_model", embeddingModel != null);
        all.forEach((name, there) -> {
            if (there) {
                given.add(name);
            }
        });
        return given;
    }

    /**
     * What is asked for with these.
     *
     * @param references the voices of {@link #names}
     * @param model that segments; null for an installed one
     * @throws dev.parlo.engine.EngineException BAD_REQUEST when the numbers contradict each other
     */
    public SpeakerOrder order(VoiceReferences references, @Nullable String model) {
        return new SpeakerOrder(range(), references, model, embeddingModel);
    }

    /** As {@link #order} throws. */
    public DiarizationOptions range() {
        return DiarizationOptions.of(number, least, most);
    }

    private static List<String> printable(List<String> names) {
        for (String name : names) {
            if (name.length() > LONGEST_NAME) {
                throw ApiError.of(
                                400,
                                "A name in known_speaker_names has "
                                        + name.length()
                                        + " characters; at most "
                                        + LONGEST_NAME
                                        + " are accepted, as every line of the answer may carry"
                                        + " it.")
                        .withParam("known_speaker_names");
            }
        }
        return names;
    }

    /**
     * The options that set one within something larger.
     *
     * @param of where it is
     */
    public static <D> List<Option<D, ?>> options(Function<D, SpeakerFields> of) {
        return List.of(
                Option.<D, Integer>of(
                                "num_speakers",
                                whole(1),
                                "Exactly so many people speak. Fewer are found where there are not"
                                        + " so many voices.",
                                (draft, value) -> of.apply(draft).number = value)
                        .otherwise("as many as are heard"),
                Option.<D, Integer>of(
                                "min_speakers",
                                whole(1),
                                "At least so many people speak.",
                                (draft, value) -> of.apply(draft).least = value)
                        .otherwise("1"),
                Option.<D, Integer>of(
                                "max_speakers",
                                whole(1),
                                "At most so many people speak.",
                                (draft, value) -> of.apply(draft).most = value)
                        .otherwise("any number"),
                Option.<D, List<String>>of(
                                "known_speaker_names",
                                texts(),
                                "Names of people whose voices are sent along.",
                                (draft, values) -> of.apply(draft).names = printable(values))
                        .inRequests(),
                Option.<D, List<String>>of(
                                "known_speaker_references",
                                texts(),
                                "A recording of each of them, in the same order: a data URL such as"
                                        + " `data:audio/wav;base64,…`, or a file, of two to ten"
                                        + " seconds. Speakers who sound like one have that name"
                                        + " instead of `SPEAKER_00`.",
                                (draft, values) -> of.apply(draft).references = true)
                        .inRequests(),
                Option.<D, String>of(
                                "embedding_model",
                                text(),
                                "Id or alias of the model that tells voices apart.",
                                (draft, value) -> of.apply(draft).embeddingModel = value)
                        .otherwise("an installed one"));
    }
}
