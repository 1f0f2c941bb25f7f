package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.HostMemoryDriver;
import dev.parlo.engine.onnx.capi.OrtApi;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cuda.CudaNetwork;
import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.window.EncodedWindow;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ThreePathsTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    @TempDir private static Path cache;
    private static Golden golden;
    private static Gpu gpu;
    private static List<JsonNode> utterances;
    private static Golden.Model device;

    @BeforeAll
    static void load() {
        golden = new Golden(FOLDER);
        utterances = Golden.list(Golden.read(FOLDER.resolve("golden.json")).get("utterances"));
        gpu = Gpu.onHost(OrtApi.ofJava(), new HostMemoryDriver(4L << 30));
        Path checkpoint = SharedFiles.builtInModel();
        device =
                new Golden.Model(
                        checkpoint,
                        CudaNetwork.load(
                                checkpoint,
                                ComputeType.FLOAT32,
                                new WeightCache(CacheFolder.at(cache)),
                                gpu,
                                new Cancellation()),
                        cache);
    }

    @AfterAll
    static void close() {
        device.close();
        gpu.close();
        golden.close();
    }

    @Test
    void tokensAndScoresAreCTranslate2s() {
        for (JsonNode utterance : utterances) {
            String file = utterance.get("file").asString();
            try (EncodedWindow window = device.encode(golden.window(file, 80))) {
                for (String run :
                        List.of("greedy", "beam5", "greedy_timestamps", "beam5_timestamps")) {
                    JsonNode answer = utterance.get("ctranslate2").get(run);
                    DecodedWindow found =
                            window.decode(
                                    search(run.startsWith("beam"), run.endsWith("timestamps")));
                    assertThat(found.tokens()).as(file + " " + run).isEqualTo(ids(answer));
                    assertThat(found.score())
                            .isEqualTo(answer.get("score").asDouble(), offset(1e-3));
                    assertThat(found.noSpeechProbability())
                            .isEqualTo(answer.get("no_speech_prob").asDouble(), offset(1e-3));
                }
            }
        }
    }

    private static WindowSearch search(boolean beam, boolean timestamps) {
        int sot = device.tokens.tokenizer().vocabulary().startOfTranscript();
        int[] prompt =
                timestamps ? new int[] {sot} : new int[] {sot, device.tokens.ids().noTimestamps()};
        return device.search(prompt, beam ? 5 : 1, 448, device.defaultSuppressed());
    }

    private static int[] ids(JsonNode answer) {
        return Golden.ints(answer.get("ids"));
    }
}
