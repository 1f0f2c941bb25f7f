package dev.parlo.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/**
 * Collects the words under the keys of a YAML document's outermost mapping from the parser's
 * events: nothing is built of what lies deeper, and an alias means the words that were seen under
 * its anchor, so a small text can cost no more than its length. One thread.
 */
final class TopLevelWords {
    private static final int MAPPING = 1;
    private static final int LIST = 2;

    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final Map<String, List<String>> anchored = new HashMap<>();
    private int depth;

    /** The key whose value comes next or is open; null while a key is awaited. */
    private @Nullable String key;

    private boolean inList;
    private boolean inKey;

    /** What was found, also before a failure. */
    Map<String, List<String>> values() {
        return values;
    }

    /**
     * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException where the text is not YAML
     */
    void read(String text) {
        for (Event event : new Parse(LoadSettings.builder().build()).parseString(text)) {
            switch (event) {
                case CollectionStartEvent start -> begin(start);
                case CollectionEndEvent end -> end();
                case ScalarEvent scalar -> word(scalar, text(scalar));
                case AliasEvent alias ->
                        word(alias, anchored.getOrDefault(anchor(alias), List.of()));
                case DocumentEndEvent end -> {
                    return; // one document is a head
                }
                default -> {
                    continue;
                }
            }
        }
    }

    private void begin(CollectionStartEvent start) {
        depth++;
        if (depth == MAPPING && !(start instanceof MappingStartEvent)) {
            depth += LIST; // the outermost is a list: nothing in it is a key
        } else if (depth == LIST) {
            inKey = key == null; // a mapping or a list as a key names nothing
            inList = start instanceof SequenceStartEvent && !inKey;
            if (!inKey) {
                List<String> words = new ArrayList<>();
                values.put(String.valueOf(key), words);
                start.getAnchor().ifPresent(anchor -> anchored.put(anchor.getValue(), words));
            }
        }
    }

    private void end() {
        if (depth == LIST) {
            key = inKey ? "" : null;
            inList = false;
        }
        depth--;
    }

    private void word(NodeEvent event, List<String> words) {
        if (event instanceof ScalarEvent && depth <= LIST) {
            event.getAnchor().ifPresent(anchor -> anchored.put(anchor.getValue(), words));
        }
        if (depth == MAPPING && key == null) {
            key = words.size() == 1 ? words.getFirst() : "";
        } else if (depth == MAPPING) {
            values.put(String.valueOf(key), words); // the anchor's own list, not a copy of it
            key = null;
        } else if (depth == LIST && inList && words.size() == 1) {
            // an alias of a list would be a list in this one, and could double it at every level
            values.getOrDefault(key, new ArrayList<>()).add(words.getFirst());
        }
    }

    private static List<String> text(ScalarEvent scalar) {
        String text = scalar.getValue().strip();
        boolean nothing =
                text.isEmpty() || (scalar.isPlain() && (text.equals("null") || text.equals("~")));
        return nothing ? List.of() : List.of(text);
    }

    private static String anchor(AliasEvent alias) {
        return alias.getAlias().getValue();
    }
}
