package dev.parlo.server.options;

import dev.parlo.server.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An option of a request, described once: the field of the form or of the JSON body, the flag of
 * the command line, the check of its value, its schema in {@code openapi.json} and its line in
 * {@code docs/api.md} all come from here. Immutable.
 *
 * @param <D> what options are set in
 * @param <V> its value
 * @param name of the field; with dashes that of the flag
 * @param aliases other names of the field, asked in order where {@code name} was not given
 * @param fallback the value where none is given; null where the setter is then not called
 * @param otherwise what holds where nothing is given and {@code fallback} cannot say it, such as
 *     "all"; empty for nothing
 * @param sentence what it means, in Markdown
 * @param required whether it has to be given
 * @param requestOnly whether it has no flag on the command line
 * @param setter takes the value, which has been checked
 */
public record Option<D, V>(
        String name,
        List<String> aliases,
        OptionType<V> type,
        @Nullable V fallback,
        String otherwise,
        String sentence,
        boolean required,
        boolean requestOnly,
        BiConsumer<D, V> setter) {

    public static <D, V> Option<D, V> of(
            String name, OptionType<V> type, String sentence, BiConsumer<D, V> setter) {
        return new Option<>(name, List.of(), type, null, "", sentence, false, false, setter);
    }

    public Option<D, V> alias(String other) {
        List<String> all = new ArrayList<>(aliases);
        all.add(other);
        return new Option<>(
                name, all, type, fallback, otherwise, sentence, required, requestOnly, setter);
    }

    /** With the value that is set where none is given. */
    public Option<D, V> fallback(V value) {
        return new Option<>(
                name, aliases, type, value, otherwise, sentence, required, requestOnly, setter);
    }

    /** With a word for what holds where nothing is given. */
    public Option<D, V> otherwise(String what) {
        return new Option<>(
                name, aliases, type, fallback, what, sentence, required, requestOnly, setter);
    }

    public Option<D, V> mandatory() {
        return new Option<>(
                name, aliases, type, fallback, otherwise, sentence, true, requestOnly, setter);
    }

    /** Without a flag on the command line. */
    public Option<D, V> inRequests() {
        return new Option<>(
                name, aliases, type, fallback, otherwise, sentence, required, true, setter);
    }

    /** Reads and sets the value; a wrong one is remembered in {@code fields}. */
    public void read(Fields fields, D draft) {
        String given = given(fields);
        V value = given == null ? null : type.read(fields, given);
        if (value != null) {
            setter.accept(draft, value);
        } else if (fallback != null) {
            setter.accept(draft, fallback);
        }
        if (required && given == null) {
            fields.rejectMissing(name);
        }
    }

    private @Nullable String given(Fields fields) {
        if (type.given(fields, name)) {
            return name;
        }
        return aliases.stream().filter(alias -> type.given(fields, alias)).findFirst().orElse(null);
    }

    /** The field as OpenAI and FastAPI write it: of several values with brackets. */
    public String field() {
        return type.repeated() ? name + "[]" : name;
    }

    /** The flag of the command line, such as {@code --beam-size}. */
    public String commandLineFlag() {
        return "--" + name.replace('_', '-');
    }

    /** The default as people read it; empty for none. */
    public String shownDefault() {
        return fallback == null || !otherwise.isEmpty() ? otherwise : type.written(fallback);
    }

    /** What it means and its default, as plain text. */
    public String help() {
        String plain = sentence.replace("`", "");
        String shown = shownDefault();
        return shown.isEmpty() ? plain : plain + " Default: " + shown + ".";
    }
}
