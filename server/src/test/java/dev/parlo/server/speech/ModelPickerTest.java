package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.registry.RegistryException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ModelPickerTest {
    private static final ModelChoice CHOICE =
            (model, voice) -> List.of(String.valueOf(model), "here", "too");

    private static TextToSpeechModels.Lease lease(String name, @Nullable KeepAlive keepAlive) {
        if (name.equals("broken")) {
            throw new RegistryException(RegistryException.Category.CORRUPT, "damaged");
        }
        if (!name.equals("here") && !name.equals("too")) {
            throw new RegistryException(RegistryException.Category.NOT_FOUND, name);
        }
        return new TextToSpeechModels.Lease(name, ToneServer.tones(), null, () -> {});
    }

    @Test
    void aModelThatIsNotThereIsStoodInForUnlessItWasMeant() {
        ModelPicker picker = new ModelPicker(ModelPickerTest::lease, CHOICE);
        assertThat(picker.best("too", null, null).modelId()).isEqualTo("too");
        assertThat(picker.best("cosyvoice-v2", "longhua", null).modelId()).isEqualTo("here");
        assertThat(picker.named("here", null).modelId()).isEqualTo("here");
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> picker.named("cosyvoice-v2", null));
    }

    @Test
    void whatIsThereAndDamagedIsNotPassedOver() {
        ModelPicker picker = new ModelPicker(ModelPickerTest::lease, CHOICE);
        assertThatExceptionOfType(RegistryException.class)
                .isThrownBy(() -> picker.best("broken", null, null))
                .withMessageContaining("damaged");
    }

    @Test
    void namesInTheLogAreShortAndOfOneLine() {
        assertThat(ModelPicker.shown("a\nb" + "x".repeat(200)))
                .startsWith("a?bx")
                .hasSize(81)
                .doesNotContain("\n");
    }
}
