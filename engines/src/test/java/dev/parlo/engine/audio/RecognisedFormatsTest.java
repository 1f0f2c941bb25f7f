package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of file that the documentation names, made by the ffmpeg program and read back. */
class RecognisedFormatsTest {
    private static final String STEREO_TONE =
            "-f lavfi -i aevalsrc=0.4*sin(2*PI*300*t)|0.2*sin(2*PI*500*t):s=44100:d=0.6";
    private static final String PICTURES = "-f lavfi -i testsrc=d=0.6:s=64x64:r=10";

    /** More of them by JAVA_TOOL_OPTIONS=-Dparlo.fuzz.rounds=N in the environment. */
    private static final int FUZZ_ROUNDS = Integer.getInteger("parlo.fuzz.rounds", 60);

    @TempDir Path folder;
    private final AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1 << 26, 60));

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(decoder.openReaders()).isZero();
        decoder.close();
    }

    @ParameterizedTest
    @CsvSource({
        "wav,-c:a pcm_s16le",
        "wav,-c:a pcm_s24le",
        "wav,-c:a pcm_f32le",
        "wav,-c:a pcm_u8",
        "wav,-c:a pcm_mulaw",
        "wav,-c:a adpcm_ms",
        "w64,-c:a pcm_s16le",
        "aiff,-c:a pcm_s16be",
        "au,-c:a pcm_s16be",
        "caf,-c:a alac",
        "mp3,-c:a libmp3lame",
        "flac,-c:a flac",
        "ogg,-c:a libopus -ar 48000",
        "ogg,-c:a vorbis -strict -2",
        "ogg,-c:a flac",
        "adts,-c:a aac",
        "ipod,-c:a aac",
        "ipod,-c:a alac",
        "mp4,-c:a aac -movflags faststart",
        "matroska,-c:a flac",
        "matroska,-c:a pcm_s16le",
        "webm,-c:a libopus -ar 48000",
        "amr,-c:a libopencore_amrnb -ar 8000 -ac 1",
        "amr,-c:a libvo_amrwbenc -ar 16000 -ac 1",
        "3gp,-c:a libopencore_amrnb -ar 8000 -ac 1",
        "ac3,-c:a ac3",
        "dts,-c:a dca -strict -2 -ar 48000",
        "mxf_opatom,-c:a pcm_s16le -ar 48000 -ac 1",
        "au,-c:a g726le -ar 8000 -ac 1 -b:a 32k",
        "asf,-c:a wmav2",
        "tta,-c:a tta",
        "wv,-c:a wavpack"
    })
    void audioFilesDecodeAsTheProgramDecodesThem(String container, String codec) throws Exception {
        decodesAsTheProgramDoes(STEREO_TONE + " " + codec + " -f " + container);
    }

    @ParameterizedTest
    @CsvSource({
        "mp4,-c:v mpeg4 -c:a aac",
        "mov,-c:v mpeg4 -c:a pcm_s16be",
        "matroska,-c:v mpeg4 -c:a libmp3lame",
        "matroska,-c:v mpeg4 -c:a dca -strict -2 -ar 48000",
        "matroska,-c:v mpeg4 -c:a truehd -strict -2 -ar 48000",
        "mpegts,-c:v mpeg2video -c:a dca -strict -2 -ar 48000",
        "webm,-c:v libvpx -c:a libopus -ar 48000",
        "avi,-c:v mpeg4 -c:a libmp3lame",
        "mxf,-s 720x576 -r 25 -c:v mpeg2video -c:a pcm_s24le -ar 48000",
        "flv,-c:v flv -c:a libmp3lame",
        "mpegts,-c:v mpeg2video -c:a mp2"
    })
    void videoFilesGiveTheirSound(String container, String codecs) throws Exception {
        decodesAsTheProgramDoes(PICTURES + " " + STEREO_TONE + " " + codecs + " -f " + container);
    }

    @ParameterizedTest
    @ValueSource(strings = {"truehd", "mlp"})
    void losslessStreamsOfDiscsAreHeard(String codec) throws Exception {
        // A second of it is needed to tell it from other bytes.
        Path file =
                FfmpegProgram.make(
                        "-f lavfi -i aevalsrc=0.4*sin(2*PI*300*t):s=48000:d=2 -strict -2 -c:a "
                                + codec
                                + " -f "
                                + codec,
                        folder.resolve(codec));
        assertThat(Samples.all(decoder.open(file)))
                .hasSizeBetween(31_900, 32_100)
                .isEqualTo(FfmpegProgram.decode(file, folder));
    }

    private void decodesAsTheProgramDoes(String arguments) throws Exception {
        Path file = FfmpegProgram.make(arguments, folder.resolve("nameless"));
        float[] read = Samples.all(decoder.open(file));
        assertThat(read.length / 16_000.0).isCloseTo(0.6, within(0.11));
        assertThat(read).isEqualTo(FfmpegProgram.decode(file, folder));
    }

    @Test
    void picturesWithoutSoundAreUnsupported() throws Exception {
        Path video = FfmpegProgram.make(PICTURES + " -c:v mpeg4 -f mp4", folder.resolve("silent"));
        Samples.refused(Category.UNSUPPORTED_AUDIO, () -> decoder.open(video).open())
                .isEqualTo(AudioFailure.UNSUPPORTED + " It has no audio stream.");
        Path cover =
                FfmpegProgram.make(
                        PICTURES + " -frames:v 1 -c:v png -disposition:v attached_pic -f mp4",
                        folder.resolve("cover"));
        Samples.refused(Category.UNSUPPORTED_AUDIO, () -> decoder.open(cover).open())
                .startsWith(AudioFailure.UNSUPPORTED);
        Path picture =
                FfmpegProgram.make(
                        PICTURES + " -frames:v 1 -c:v png -f image2", folder.resolve("picture"));
        Samples.refused(Category.UNSUPPORTED_AUDIO, () -> decoder.open(picture).open())
                .startsWith(AudioFailure.UNSUPPORTED);
    }

    @Test
    void whatIsNotOnTheListIsUnsupported() throws Exception {
        Path container =
                FfmpegProgram.make(STEREO_TONE + " -c:a pcm_s16le -f nut", folder.resolve("nut"));
        Samples.refused(Category.UNSUPPORTED_AUDIO, () -> decoder.open(container).open())
                .startsWith(AudioFailure.UNSUPPORTED)
                .contains("looks like NUT");
        Path codec =
                FfmpegProgram.make(
                        STEREO_TONE + " -c:a g723_1 -b:a 6300 -ar 8000 -ac 1 -f wav",
                        folder.resolve("g723"));
        Samples.refused(Category.UNSUPPORTED_AUDIO, () -> decoder.open(codec).open())
                .startsWith(AudioFailure.UNSUPPORTED)
                .contains("g723_1");
    }

    @Test
    void recordingsOfTelephoneCorporaAreHeard() throws Exception {
        short[] tone = Wav.tone(8_000, 0.6, 300);
        ByteBuffer sphere = ByteBuffer.allocate(1024 + tone.length * 2);
        sphere.put(
                ("NIST_1A\n   1024\nchannel_count -i 1\nsample_rate -i 8000\n"
                                + "sample_n_bytes -i 2\nsample_byte_format -s2 01\n"
                                + "sample_coding -s3 pcm\nend_head\n")
                        .getBytes(StandardCharsets.US_ASCII));
        sphere.order(ByteOrder.LITTLE_ENDIAN).position(1024);
        sphere.asShortBuffer().put(tone);
        Path file = Files.write(folder.resolve("sphere"), sphere.array());
        float[] read = Samples.all(decoder.open(file));
        assertThat(read).hasSizeBetween(9_590, 9_610);
        assertThat(read).isEqualTo(FfmpegProgram.decode(file, folder));
    }

    @Test
    void g729IsHeardFromAFileOfBitsAndByItsContentType() throws Exception {
        // A frame of 10 ms has 80 bits: here in ITU's file of 16-bit words, there in 10 bytes.
        ByteBuffer bits = ByteBuffer.allocate(60 * 82 * 2).order(ByteOrder.LITTLE_ENDIAN);
        byte[] bytes = new byte[60 * 10];
        Random random = new Random(1);
        for (int frame = 0; frame < 60; frame++) {
            bits.putShort((short) 0x6b21).putShort((short) 80);
            for (int bit = 0; bit < 80; bit++) {
                boolean set = random.nextBoolean();
                bits.putShort((short) (set ? 0x81 : 0x7f));
                bytes[frame * 10 + bit / 8] |= (byte) (set ? 0x80 >> bit % 8 : 0);
            }
        }
        Path file = Files.write(folder.resolve("bits"), bits.array());
        Path bare = Files.write(folder.resolve("bare"), bytes);
        float[] read = Samples.all(decoder.open(file));
        assertThat(read).hasSizeBetween(9_500, 9_610);
        assertThat(Samples.all(decoder.open(bare, "audio/G729"))).isEqualTo(read);
    }

    @Test
    void aFilmWhoseFirstSoundIsOfACodecThatIsNotAcceptedIsHeardByItsSecond() throws Exception {
        Path film =
                FfmpegProgram.make(
                        "-f lavfi -i anullsrc=r=8000:cl=mono "
                                + STEREO_TONE
                                + " -map 0 -map 1 -t 0.6 -c:a:0 g723_1 -b:a:0 6300 -c:a:1 aac"
                                + " -disposition:a:0 default -f matroska",
                        folder.resolve("film"));
        float[] read = Samples.all(decoder.open(film));
        assertThat(read.length / 16_000.0).isCloseTo(0.6, within(0.11));
        float loudest = 0;
        for (float sample : read) {
            loudest = Math.max(loudest, Math.abs(sample));
        }
        assertThat(loudest).isGreaterThan(0.05f);
    }

    @Test
    void filesThatNameOtherFilesAreNotFollowed() throws Exception {
        Path target =
                FfmpegProgram.make(STEREO_TONE + " -f mpegts -c:a mp2", folder.resolve("a.ts"));
        for (String text :
                new String[] {
                    "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n%s\n#EXT-X-ENDLIST\n",
                    "ffconcat version 1.0\nfile '%s'\n",
                    "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/%s\n"
                }) {
            Path list = folder.resolve("list");
            Files.writeString(list, String.format(Locale.ROOT, text, target));
            Samples.refused(Category.UNSUPPORTED_AUDIO, () -> decoder.open(list).open())
                    .startsWith(AudioFailure.UNSUPPORTED);
        }
    }

    @Test
    void aSmallFileOfAnHourIsStoppedAtTheLimit() throws Exception {
        Path hour =
                FfmpegProgram.make(
                        "-f lavfi -i anullsrc=r=8000:cl=mono -t 3600 -c:a flac -f flac",
                        folder.resolve("hour"));
        assertThat(Files.size(hour)).isLessThan(1_000_000);
        Samples.refused(Category.TOO_LARGE, () -> Samples.all(decoder.open(hour)))
                .contains("60 seconds");
    }

    @Test
    void chainedStreamsOfDifferentRatesBecomeOne() throws Exception {
        Path first = FfmpegProgram.make(STEREO_TONE + " -c:a flac -f ogg", folder.resolve("first"));
        Path second =
                FfmpegProgram.make(
                        STEREO_TONE + " -ac 1 -ar 22050 -c:a flac -f ogg",
                        folder.resolve("second"));
        Path chain = folder.resolve("chain");
        Files.write(chain, Files.readAllBytes(first));
        Files.write(chain, Files.readAllBytes(second), java.nio.file.StandardOpenOption.APPEND);
        float[] read = Samples.all(decoder.open(chain));
        assertThat(read.length / 16_000.0).isCloseTo(1.2, within(0.02));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c:a pcm_s16le -f wav",
                "-c:a libmp3lame -f mp3",
                "-c:a flac -f flac",
                "-c:a libopus -ar 48000 -f ogg",
                "-c:a vorbis -strict -2 -f ogg",
                "-c:a aac -f adts",
                "-c:a aac -f mp4",
                "-c:a aac -movflags frag_keyframe+empty_moov -f mp4",
                "-c:a libopus -ar 48000 -f webm",
                "-c:a libopencore_amrnb -ar 8000 -ac 1 -f amr",
                "-c:a pcm_s16be -f aiff",
                "-c:a mp2 -f mpegts",
                "-c:a libmp3lame -f avi",
                "-c:a libmp3lame -f flv",
                "-c:a wmav2 -f asf",
                "-c:a alac -f caf",
                "-c:a ac3 -f ac3",
                "-c:a dca -strict -2 -ar 48000 -f matroska",
                "-c:a truehd -strict -2 -ar 48000 -f matroska",
                "-c:a dca -strict -2 -ar 48000 -f dts",
                "-c:a pcm_s16le -ar 48000 -ac 1 -f mxf_opatom",
                "-c:a pcm_s24le -ar 48000 -f w64",
                "-c:a pcm_s16be -f au",
                "-c:a tta -f tta",
                "-c:a wavpack -f wv"
            })
    void damagedFilesGiveAudioOrAnEngineException(String codec) throws Exception {
        byte[] whole =
                Files.readAllBytes(
                        FfmpegProgram.make(STEREO_TONE + " " + codec, folder.resolve("whole")));
        Random random = new Random(codec.hashCode());
        Path damaged = folder.resolve("damaged");
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            Files.write(damaged, damage(whole, random));
            try {
                Samples.all(decoder.open(damaged));
            } catch (EngineException e) {
                assertThat(e.category())
                        .as(e.getMessage())
                        .isIn(
                                Category.UNSUPPORTED_AUDIO,
                                Category.BAD_AUDIO,
                                Category.TOO_LARGE,
                                Category.NO_SPACE);
            }
        }
        // The process is unharmed.
        Files.write(damaged, whole);
        assertThat(Samples.all(decoder.open(damaged))).isNotEmpty();
    }

    /** Cut off, overwritten, turned, doubled: mostly near the start, where the headers are. */
    private static byte[] damage(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        int changes = 1 + random.nextInt(20);
        for (int i = 0; i < changes; i++) {
            int reach = random.nextBoolean() ? Math.min(bytes.length, 300) : bytes.length;
            int at = random.nextInt(reach);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 ->
                        Arrays.fill(
                                bytes,
                                at,
                                Math.min(bytes.length, at + 1 + random.nextInt(8)),
                                (byte) (random.nextBoolean() ? 0xff : 0));
                default -> {
                    int length = Math.min(random.nextInt(64), bytes.length - at);
                    System.arraycopy(
                            bytes, random.nextInt(bytes.length - length), bytes, at, length);
                }
            }
        }
        return random.nextInt(4) == 0
                ? Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length))
                : bytes;
    }
}
