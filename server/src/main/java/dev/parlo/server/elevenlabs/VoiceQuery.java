package dev.parlo.server.elevenlabs;

import dev.parlo.server.elevenlabs.VoiceRoutes.Listed;
import dev.parlo.server.elevenlabs.VoiceRoutes.Page;
import dev.parlo.server.http.Fields;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which voices a request for {@code /v2/voices} asks for. Every voice here is a premade one.
 *
 * @param search words that a voice's name, id, description or labels have to hold, in any case
 * @param ids the only voices that are wanted; empty for all
 * @param matching false where the query asks for a kind of voice that does not exist here
 * @param sort {@code name}, or null for the order of the models
 * @param descending the other way round
 * @param pageSize voices of one page; empty for all
 * @param after the id of the voice that the page before ended with, or null
 */
record VoiceQuery(
        String search,
        List<String> ids,
        boolean matching,
        @Nullable String sort,
        boolean descending,
        OptionalInt pageSize,
        @Nullable String after) {
    private static final int MOST = 100;
    private static final List<String> CATEGORIES =
            List.of("premade", "cloned", "generated", "professional");
    private static final List<String> TYPES =
            List.of(
                    "default",
                    "saved",
                    "personal",
                    "community",
                    "workspace",
                    "non-default",
                    "non-community");
    private static final List<String> OURS = List.of("default", "saved", "non-community");

    VoiceQuery {
        ids = List.copyOf(ids);
    }

    /** The fields of the query; what is wrong with them is remembered there. */
    static VoiceQuery read(Fields fields) {
        String category = fields.choice("category", CATEGORIES);
        String type = fields.choice("voice_type", TYPES);
        String sort = fields.choice("sort", List.of("name", "created_at_unix"));
        String direction = fields.choice("sort_direction", "asc", List.of("asc", "desc"));
        return new VoiceQuery(
                fields.text("search", "").strip().toLowerCase(Locale.ROOT),
                fields.repeated("voice_ids").texts(),
                (category == null || category.equals("premade"))
                        && (type == null || OURS.contains(type)),
                sort,
                direction.equals("desc"),
                fields.integerBetween("page_size", 1, MOST),
                fields.text("next_page_token"));
    }

    /**
     * The page of these voices.
     *
     * @param fields where an unknown page is remembered as wrong
     */
    Page page(List<Listed> all, Fields fields) {
        List<Listed> found =
                all.stream()
                        .filter(voice -> matching && matches(voice))
                        .sorted(order(all))
                        .toList();
        int from = 0;
        if (after != null) {
            from = 1 + found.stream().map(Listed::voiceId).toList().indexOf(after);
            if (from == 0) {
                fields.reject("next_page_token", "is of another list");
            }
        }
        int to = Math.min(found.size(), from + pageSize.orElse(found.size()));
        List<Listed> voices = found.subList(from, to);
        boolean more = to < found.size();
        return new Page(
                voices,
                more,
                found.size(),
                more && !voices.isEmpty() ? voices.getLast().voiceId() : null);
    }

    private Comparator<Listed> order(List<Listed> all) {
        Comparator<Listed> order =
                "name".equals(sort)
                        ? Comparator.comparing(Listed::name, String.CASE_INSENSITIVE_ORDER)
                                .thenComparing(Listed::voiceId)
                        : Comparator.comparingInt(all::indexOf);
        return descending ? order.reversed() : order;
    }

    private boolean matches(Listed voice) {
        if (!ids.isEmpty() && !ids.contains(voice.voiceId())) {
            return false;
        }
        String text =
                String.join(
                                " ",
                                voice.voiceId(),
                                voice.name(),
                                voice.description(),
                                voice.category(),
                                String.join(" ", voice.labels().values()))
                        .toLowerCase(Locale.ROOT);
        for (String word : search.split("\\s+", -1)) {
            if (!text.contains(word)) {
                return false;
            }
        }
        return true;
    }
}
