package dev.parlo.server.realtime;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Takes back what a client did not hear of an answer. */
final class Truncation {
    /** Clients measure by their clock what they have played. */
    private static final int TOLERANCE_MS = 500;

    private Truncation() {}

    /**
     * @param end milliseconds that were heard
     * @throws RealtimeException for anything but the sound of an answer, and beyond its end
     */
    static Item at(Item item, int content, int end) {
        if (!item.role().equals("assistant")
                || content != 0
                || item.parts().isEmpty()
                || item.parts().getFirst().type() != Item.Part.Type.AUDIO) {
            throw new RealtimeException(
                    "item_truncate_invalid_item",
                    "Error truncating item: only the audio of an answer of the assistant can be"
                            + " truncated.",
                    "item_id");
        }
        Item.Part part = item.parts().getFirst();
        Item.Sound sound = part.sound();
        if (sound == null) {
            // Its audio is not kept any more, and with it the times of its words.
            return item;
        }
        double length = sound.format().milliseconds(sound.bytes().length);
        if (end > length + TOLERANCE_MS) {
            throw new RealtimeException(
                    "item_truncate_invalid_audio_end_ms",
                    String.format(
                            Locale.ROOT,
                            "Error truncating item: audio_end_ms is %d, and the item has %d ms of"
                                    + " audio.",
                            end,
                            Math.round(length)),
                    "audio_end_ms");
        }
        int bytes = Math.min(sound.bytes().length, sound.format().bytes(end));
        Item.Sound heard =
                new Item.Sound(
                        sound.format(),
                        Arrays.copyOf(sound.bytes(), bytes),
                        sound.words().stream().filter(words -> words.start() < end).toList());
        return item.with(Item.Part.audio(text(sound.words(), length, end), heard));
    }

    /** Whole words; of a text whose words have no times, as many as there was time for. */
    private static String text(List<Item.Spoken> spoken, double length, int end) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < spoken.size() && spoken.get(i).start() < end; i++) {
            Item.Spoken one = spoken.get(i);
            double next = i + 1 < spoken.size() ? spoken.get(i + 1).start() : length;
            if (next <= end) {
                text.append(one.text());
                continue;
            }
            double share = (end - one.start()) / Math.max(1, next - one.start());
            String[] words = one.text().split("(?<=\\S)(?=\\s)");
            int heard = (int) Math.floor(share * words.length);
            text.append(String.join("", Arrays.copyOf(words, Math.clamp(heard, 0, words.length))));
        }
        return text.toString();
    }
}
