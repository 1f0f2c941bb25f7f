package dev.parlo.server.options;

import dev.parlo.server.http.Fields;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An object with options within: as JSON, or in a form field by field as {@code name[key]}. It may
 * be a single word instead.
 *
 * @param start what the options within are set in
 * @param words what may be sent instead of an object, such as {@code auto}; empty for nothing
 * @param wordSetter sets such a word
 * @param open whether other keys are accepted, and mean nothing
 */
public record Structure<O>(
        List<Option<O, ?>> options,
        Supplier<O> start,
        List<String> words,
        BiConsumer<O, String> wordSetter,
        boolean open)
        implements OptionType<O> {
    public Structure {
        options = List.copyOf(options);
        words = List.copyOf(words);
    }

    public Structure(
            List<Option<O, ?>> options,
            Supplier<O> start,
            List<String> words,
            BiConsumer<O, String> wordSetter) {
        this(options, start, words, wordSetter, false);
    }

    private List<String> keys() {
        return options.stream()
                .flatMap(o -> Stream.concat(Stream.of(o.name()), o.aliases().stream()))
                .toList();
    }

    @Override
    public boolean given(Fields fields, String name) {
        return fields.objectGiven(name, keys());
    }

    @Override
    public @Nullable O read(Fields fields, String name) {
        O draft = start.get();
        String word = words.stream().filter(w -> fields.says(name, w)).findFirst().orElse(null);
        if (word != null) {
            wordSetter.accept(draft, word);
            return draft;
        }
        Fields within = fields.object(name, keys(), words, open);
        if (within == null) {
            return null;
        }
        options.forEach(option -> option.read(within, draft));
        return draft;
    }

    @Override
    public String label() {
        return words.isEmpty() ? "JSON" : String.join("|", words) + "|JSON";
    }
}
