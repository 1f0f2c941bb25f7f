package dev.parlo.server.elevenlabs;

import dev.parlo.engine.audio.AudioFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ElevenLabs' name of an audio format, {@code codec_rate} or {@code codec_rate_kbps}.
 *
 * @param sampleRate 8000 to 48000
 * @param bitRate bits per second, where the name has them
 */
record OutputFormat(AudioFormat format, int sampleRate, OptionalInt bitRate, String contentType) {
    static final String DEFAULT = "mp3_44100_128";
    static final String ACCEPTED =
            "mp3_44100_128, pcm_16000, wav_24000, ulaw_8000, alaw_8000, opus_48000_64 and the like:"
                    + " a codec, a rate from 8000 to 48000 and for mp3 and opus a bit rate";

    private static final Pattern NAME =
            Pattern.compile("(mp3|pcm|wav|ulaw|alaw|opus)_([0-9]{4,5})(?:_([0-9]{1,3}))?");

    static Optional<OutputFormat> of(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int rate = Integer.parseInt(matcher.group(2));
        if (rate < 8_000 || rate > 48_000) {
            return Optional.empty();
        }
        String kilobits = matcher.group(3);
        OptionalInt bits =
                kilobits == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(Integer.parseInt(kilobits) * 1000);
        return Optional.of(
                switch (matcher.group(1)) {
                    case "mp3" -> new OutputFormat(AudioFormat.MP3, rate, bits, "audio/mpeg");
                    case "wav" -> new OutputFormat(AudioFormat.WAV, rate, bits, "audio/wav");
                    case "ulaw" -> new OutputFormat(AudioFormat.MULAW, rate, bits, "audio/basic");
                    case "alaw" ->
                            new OutputFormat(AudioFormat.ALAW, rate, bits, "audio/x-alaw-basic");
                    case "opus" -> new OutputFormat(AudioFormat.OPUS, rate, bits, "audio/ogg");
                    default -> new OutputFormat(AudioFormat.PCM, rate, bits, "audio/pcm");
                });
    }
}
