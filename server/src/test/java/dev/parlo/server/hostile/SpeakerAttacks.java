package dev.parlo.server.hostile;

import dev.parlo.engine.speaker.SpeakerTurn;
import dev.parlo.engine.speaker.TinySpeakerModels;
import dev.parlo.engine.speaker.ToneVoices;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Damaged models of speakers, references that are none, and channels without end. */
final class SpeakerAttacks {
    private static final String SEGMENTATION = "hostile/pyannote-segmentation";
    private static final String EMBEDDING = "hostile/wespeaker";
    private static final String WHISPER = "parlo/whisper-nano.en";

    private SpeakerAttacks() {}

    /**
     * @param models where local models lie
     */
    static Map<String, Attack> written(Path models) throws IOException {
        TinySpeakerModels.segmentationFolder(models.resolve(SEGMENTATION));
        TinySpeakerModels.embeddingFolder(models.resolve(EMBEDDING));
        byte[] voice = ToneVoices.wav(ToneVoices.recording(3, List.of(new SpeakerTurn(0, 3, 0))));
        Map<String, Attack> attacks = new TreeMap<>();
        for (String kind : List.of("wespeaker", "pyannote-segmentation")) {
            String id = "hostile/" + kind + "-damaged";
            Path folder = models.resolve(id);
            if (kind.equals("wespeaker")) {
                TinySpeakerModels.embeddingFolder(folder);
            } else {
                TinySpeakerModels.segmentationFolder(folder);
            }
            byte[] whole = Files.readAllBytes(folder.resolve("model.onnx"));
            String path =
                    kind.equals("wespeaker")
                            ? "/v1/audio/speech/embedding"
                            : "/v1/audio/diarization";
            attacks.put(
                    "Speaker model: damaged " + kind,
                    (target, random) -> {
                        Files.write(folder.resolve("model.onnx"), damaged(whole, random));
                        return target.form(path, voice, "model", id).status();
                    });
        }
        attacks.put("Speaker references", (target, random) -> references(target, voice, random));
        attacks.put(
                "Channels",
                (target, random) ->
                        target.form(
                                        "/v1/audio/transcriptions",
                                        channels(voice, random),
                                        "model",
                                        WHISPER,
                                        "channels",
                                        "split",
                                        "stream",
                                        "true")
                                .status());
        return attacks;
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] damaged =
                random.nextInt(3) == 0
                        ? Arrays.copyOf(whole, random.nextInt(whole.length))
                        : whole.clone();
        for (int i = 0; i < 5 && damaged.length > 0; i++) {
            damaged[random.nextInt(Math.min(damaged.length, 1000))] = (byte) random.nextInt();
        }
        return damaged;
    }

    private static String references(Target target, byte[] voice, Random random) throws Exception {
        List<String> fields = new ArrayList<>(List.of("model", SEGMENTATION));
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            byte[] bytes = new byte[random.nextInt(3000)];
            random.nextBytes(bytes);
            byte[] wav = random.nextBoolean() ? damaged(voice, random) : bytes;
            fields.addAll(
                    List.of(
                            "known_speaker_names[]",
                            "n" + i,
                            "known_speaker_references[]",
                            List.of("data:", "data:audio/wav;base64,", "data:audio/pcm;base64,", "")
                                            .get(random.nextInt(4))
                                    + Base64.getEncoder().encodeToString(wav)));
        }
        return target.form("/v1/audio/diarization", voice, fields.toArray(String[]::new)).status();
    }

    /** A recording whose head says that it has any number of channels. */
    private static byte[] channels(byte[] voice, Random random) {
        byte[] wav = voice.clone();
        ByteBuffer head = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
        short count = (short) random.nextInt(random.nextBoolean() ? 70 : 1 << 16);
        head.putShort(22, count).putShort(32, (short) (2 * count));
        return wav;
    }
}
