package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server says, it understands. {@link RoundTripRun} does it at length. */
final class RoundTripTest {
    @TempDir static Path folder;
    private static SpeakingServer server;

    @BeforeAll
    static void start() {
        server = new SpeakingServer(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<String> formats() {
        return Stream.concat(SpeakingServer.CONTAINERS.stream(), SpeakingServer.BARE.stream());
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatIsUnderstood(String format) throws Exception {
        String said = "Please close the door when you leave the room.";
        assertThat(WordErrors.words(server.roundTrip(said, "en-us", format)))
                .isEqualTo(WordErrors.words(said));
    }

    @Test
    void chunksJoinWithoutAClick() throws Exception {
        List<byte[]> chunks =
                server.client()
                        .deltas(
                                SpeechClient.request(
                                        "Hello there. This is the second sentence, and it is longer"
                                                + " than the first one. Was that all? No, it was not!"
                                                + " Here is more, so that there are several chunks in"
                                                + " this answer, each of which ends and begins"
                                                + " somewhere. And here is the last one, after which"
                                                + " there is nothing.",
                                        "en-us",
                                        "pcm"));
        assertThat(chunks.size()).isGreaterThan(2);
        for (int i = 1; i < chunks.size(); i++) {
            byte[] before = chunks.get(i - 1);
            int step = Math.abs(sample(chunks.get(i), 0) - sample(before, before.length - 2));
            // A hundredth of full scale is 40 dB below it; speech itself steps ten times as far.
            assertThat(step).as("joint %d", i).isLessThan(328);
        }
    }

    private static int sample(byte[] pcm, int at) {
        return (short) (pcm[at] & 0xff | pcm[at + 1] << 8);
    }

    @Test
    void sentencesAreUnderstoodInSeveralVoices() throws Exception {
        List<String> voices = List.of("en-us", "en-gb", "en-us+f3", "en-gb-x-rp+m4");
        List<String> said = SpeakingServer.sentences().subList(0, 8);
        WordErrors errors = new WordErrors();
        for (int i = 0; i < said.size(); i++) {
            errors.add(said.get(i), server.roundTrip(said.get(i), voices.get(i % 4), "wav"));
        }
        assertThat(errors.percent()).isLessThan(25);
    }
}
