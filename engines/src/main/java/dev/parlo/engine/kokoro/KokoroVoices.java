package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A model's voices and the mixes that requests made of them. Thread-safe. */
final class KokoroVoices {
    private static final int KEPT_MIXES = 64;

    private final Map<String, VoicePack> packs;
    private final List<Voice> listed;
    private final Map<VoiceMix, VoicePack> mixes =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<VoiceMix, VoicePack> eldest) {
                    return size() > KEPT_MIXES;
                }
            };

    /**
     * @throws EngineException of category BAD_MODEL when there is no voice
     */
    KokoroVoices(Map<String, VoicePack> packs) {
        if (packs.isEmpty()) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "There are no voices in the model's folder; a Kokoro model needs"
                            + " voices.bin, voices/NAME.bin or NAME.pt.");
        }
        this.packs = new LinkedHashMap<>(packs);
        this.listed = packs.keySet().stream().map(KokoroVoices::describe).toList();
    }

    private static Voice describe(String id) {
        boolean patterned = id.length() > 3 && id.charAt(2) == '_';
        String name = patterned ? id.substring(3) : id;
        String gender =
                !patterned
                        ? null
                        : id.charAt(1) == 'f' ? "female" : id.charAt(1) == 'm' ? "male" : null;
        return new Voice(
                id,
                name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
                KokoroLanguage.ofVoice(id).tag(),
                gender);
    }

    List<Voice> listed() {
        return listed;
    }

    /**
     * The style of a voice or of a mix.
     *
     * @throws UnknownVoiceException when one of its voices does not exist
     * @throws EngineException of category BAD_REQUEST when the expression cannot be read
     */
    VoicePack pack(String expression) {
        VoicePack single = packs.get(expression);
        if (single != null) {
            return single;
        }
        VoiceMix mix = VoiceMix.parse(expression);
        for (VoiceMix.Item item : mix.items()) {
            if (!packs.containsKey(item.voice())) {
                throw new UnknownVoiceException(item.voice(), List.copyOf(packs.keySet()));
            }
        }
        synchronized (mixes) {
            return mixes.computeIfAbsent(mix, this::mixed);
        }
    }

    private VoicePack mixed(VoiceMix mix) {
        VoicePack sum = null;
        for (VoiceMix.Item item : mix.items()) {
            VoicePack pack = Objects.requireNonNull(packs.get(item.voice()));
            sum = sum == null ? pack.times(item.weight()) : sum.plus(pack, item.weight());
        }
        return Objects.requireNonNull(sum);
    }
}
