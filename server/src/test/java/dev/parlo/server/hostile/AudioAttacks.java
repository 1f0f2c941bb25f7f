package dev.parlo.server.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Audio that broke off, has other bytes in it, or says absurd things about itself. */
final class AudioAttacks {
    private static final String[] FORMATS = {
        "wav", "mp3", "opus", "aac", "flac", "m4a", "webm", "wav_mulaw"
    };

    private final byte[] sample;
    private final Map<String, byte[]> encoded = new ConcurrentHashMap<>();

    /**
     * @param home the folder of the program, which has a sample
     */
    AudioAttacks(Path home) {
        try {
            sample = Files.readAllBytes(home.resolve("samples/the-scientists.flac"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Map<String, Attack> all() {
        Map<String, Attack> attacks = new TreeMap<>();
        attacks.put(
                "damaged audio of eight formats",
                (target, random) -> {
                    byte[] whole = encoded(target, FORMATS[random.nextInt(FORMATS.length)]);
                    return transcribe(target, damaged(whole, random));
                });
        attacks.put(
                "damaged FLAC", (target, random) -> transcribe(target, damaged(sample, random)));
        attacks.put("absurd WAV headers", (target, random) -> transcribe(target, absurd(random)));
        attacks.put(
                "playlists and other names of files",
                (target, random) -> transcribe(target, playlist(random)));
        return attacks;
    }

    private static String transcribe(Target target, byte[] file) throws Exception {
        return target.form(
                        "/v1/audio/transcriptions",
                        file,
                        "model",
                        "parlo/whisper-nano.en",
                        "response_format",
                        "text",
                        "temperature",
                        "0",
                        // one window is enough to see that it decodes
                        "clip_timestamps",
                        "0,2")
                .status();
    }

    private byte[] encoded(Target target, String format) throws Exception {
        byte[] known = encoded.get(format);
        if (known == null) {
            Target.Answer answer =
                    target.send(
                            "/v1/audio/speech",
                            "application/json",
                            ("{\"model\":\"espeak-ng/espeak-ng\",\"voice\":\"en-us\","
                                            + "\"input\":\"Some words to break.\",\"stream\":false,"
                                            + "\"response_format\":\""
                                            + format
                                            + "\"}")
                                    .getBytes(StandardCharsets.UTF_8));
            known = answer.body();
            if (answer.code() == 200) {
                encoded.put(format, known);
            }
        }
        return known;
    }

    private static byte[] damaged(byte[] whole, Random random) {
        int length = random.nextInt(3) == 0 ? 1 + random.nextInt(whole.length) : whole.length;
        byte[] damaged = Arrays.copyOf(whole, length);
        int flips = random.nextInt(40);
        for (int i = 0; i < flips; i++) {
            // headers are where sizes stand
            int reach = random.nextBoolean() ? Math.min(length, 200) : length;
            damaged[random.nextInt(reach)] = (byte) random.nextInt();
        }
        return damaged;
    }

    private static byte[] absurd(Random random) {
        int[] numbers = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 255, 65_535};
        ByteBuffer wav = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4088);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) (random.nextBoolean() ? 1 : random.nextInt(1 << 16)));
        wav.putShort((short) numbers[random.nextInt(numbers.length)]);
        wav.putInt(numbers[random.nextInt(numbers.length)]);
        wav.putInt(numbers[random.nextInt(numbers.length)]);
        wav.putShort((short) numbers[random.nextInt(numbers.length)]);
        wav.putShort((short) (random.nextBoolean() ? 16 : random.nextInt(1 << 16)));
        wav.put("data".getBytes(StandardCharsets.US_ASCII));
        wav.putInt(numbers[random.nextInt(numbers.length)]);
        return wav.array();
    }

    private static byte[] playlist(Random random) {
        String[] texts = {
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
            "#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x\n",
            "ffconcat version 1.0\nfile /etc/passwd\n",
            "v=0\nm=audio 5004 RTP/AVP 0\nc=IN IP4 127.0.0.1\n",
            "<MPD><Period><BaseURL>file:///etc/passwd</BaseURL></Period></MPD>"
        };
        return texts[random.nextInt(texts.length)].getBytes(StandardCharsets.UTF_8);
    }
}
