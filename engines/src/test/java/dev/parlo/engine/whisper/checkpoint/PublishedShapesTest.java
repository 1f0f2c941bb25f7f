package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checkpoints of every size that OpenAI and Hugging Face publish, with the number of tensors that
 * they have there. Their weights are a hole in the file, so that the largest takes no room.
 */
class PublishedShapesTest {
    @TempDir private Path folder;
    private final Map<String, Object> header = new TreeMap<>();
    private long position;

    @ParameterizedTest
    @CsvSource({
        "tiny, 384, 4, 4, 80, 51865, 167",
        "tiny.en, 384, 4, 4, 80, 51864, 167",
        "base, 512, 6, 6, 80, 51865, 245",
        "small, 768, 12, 12, 80, 51865, 479",
        "medium.en, 1024, 24, 24, 80, 51864, 947",
        "large-v2, 1280, 32, 32, 80, 51865, 1259",
        "large-v3, 1280, 32, 32, 128, 51866, 1259",
        "large-v3-turbo, 1280, 32, 4, 128, 51866, 587",
        "distil-small.en, 768, 12, 4, 80, 51864, 287",
        "distil-medium.en, 1024, 24, 2, 80, 51864, 419",
        "distil-large-v2, 1280, 32, 2, 80, 51865, 539",
        "distil-large-v3, 1280, 32, 2, 128, 51866, 539"
    })
    void everyPublishedShapeIsReadAsItself(
            String name, int width, int encoder, int decoder, int bands, int tokens, int count)
            throws IOException {
        WhisperShape shape =
                new WhisperShape(
                        width, width / 64, encoder, decoder, tokens, bands, 4 * width, 448);
        tensors(shape);
        assertThat(header).as(name).hasSize(count);
        write(shape);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.shape()).isEqualTo(shape);
            assertThat(checkpoint.config().alignmentHeads(shape))
                    .as("heads of " + name)
                    .isNotEmpty()
                    .allSatisfy(head -> assertThat(head.layer()).isLessThan(decoder));
        }
        assertThat(TransformersTokens.find(folder).orElseThrow().tokens()).hasSize(tokens);
    }

    private void tensors(WhisperShape s) {
        int d = s.width();
        tensor("encoder.conv1.weight", d, s.melBands(), 3);
        tensor("encoder.conv1.bias", d);
        tensor("encoder.conv2.weight", d, d, 3);
        tensor("encoder.conv2.bias", d);
        tensor("encoder.embed_positions.weight", 1500, d);
        tensor("decoder.embed_positions.weight", 448, d);
        tensor("decoder.embed_tokens.weight", s.vocabularySize(), d);
        for (String side : List.of("encoder", "decoder")) {
            norm(side + ".layer_norm", d);
            boolean decoder = side.equals("decoder");
            for (int i = 0; i < (decoder ? s.decoderLayers() : s.encoderLayers()); i++) {
                String layer = side + ".layers." + i;
                attention(layer + ".self_attn", d);
                if (decoder) {
                    attention(layer + ".encoder_attn", d);
                }
                norm(layer + ".final_layer_norm", d);
                tensor(layer + ".fc1.weight", 4 * d, d);
                tensor(layer + ".fc1.bias", 4 * d);
                tensor(layer + ".fc2.weight", d, 4 * d);
                tensor(layer + ".fc2.bias", d);
            }
        }
    }

    private void attention(String name, int d) {
        norm(name + "_layer_norm", d);
        for (String projection : List.of("q", "k", "v", "out")) {
            tensor(name + "." + projection + "_proj.weight", d, d);
            if (!projection.equals("k")) {
                tensor(name + "." + projection + "_proj.bias", d);
            }
        }
    }

    private void norm(String name, int d) {
        tensor(name + ".weight", d);
        tensor(name + ".bias", d);
    }

    private void tensor(String name, int... shape) {
        long end = position + 2L * Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
        long[] offsets = {position, end};
        header.put(
                "model." + name, Map.of("dtype", "F16", "shape", shape, "data_offsets", offsets));
        position = end;
    }

    private void write(WhisperShape s) throws IOException {
        byte[] json = JsonMapper.shared().writeValueAsBytes(header);
        try (FileChannel file =
                FileChannel.open(
                        folder.resolve("model.safetensors"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE)) {
            file.write(
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(json.length)
                            .flip());
            file.write(ByteBuffer.wrap(json));
            file.write(ByteBuffer.allocate(1), 8 + json.length + position - 1);
        }
        json(
                "config.json",
                Map.of(
                        "model_type", "whisper",
                        "d_model", s.width(),
                        "encoder_layers", s.encoderLayers(),
                        "decoder_layers", s.decoderLayers(),
                        "num_mel_bins", s.melBands(),
                        "vocab_size", s.vocabularySize()));
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        int languages = s.vocabularySize() == 51_866 ? 100 : 99;
        List<String> control = new ArrayList<>(List.of("<|endoftext|>", "<|startoftranscript|>"));
        for (int i = 0; i < languages; i++) {
            control.add("<|l" + i + "|>");
        }
        control.addAll(
                List.of(
                        "<|translate|>",
                        "<|transcribe|>",
                        "<|startoflm|>",
                        "<|startofprev|>",
                        "<|nospeech|>",
                        "<|notimestamps|>"));
        int text = s.vocabularySize() - 1501 - control.size();
        for (int i = 0; i < text; i++) {
            vocabulary.put("t" + i, i);
        }
        control.forEach(token -> vocabulary.put(token, vocabulary.size()));
        json("tokenizer.json", Map.of("model", Map.of("type", "BPE", "vocab", vocabulary)));
    }

    private void json(String name, Object content) throws IOException {
        Files.write(folder.resolve(name), JsonMapper.shared().writeValueAsBytes(content));
    }
}
