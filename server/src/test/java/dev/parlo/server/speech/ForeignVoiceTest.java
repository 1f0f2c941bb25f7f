package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.Voice;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.engine.text.VoiceStyle;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which voice answers to a name of another service. */
final class ForeignVoiceTest {
    private final ForeignVoice voices =
            new ForeignVoice(VoiceAliases.open(Path.of("there-is-no-such-file.json")));

    @ParameterizedTest
    @CsvSource({
        // asked, language, answers, in the language
        "zf_xiaobei,,zf_xiaobei,",
        "ash,,am_michael,",
        "longhua_v2,,af_heart,",
        "longhua_v2,zh,zf_xiaobei,",
        "longhua_v2,cmn-Hans,zf_xiaobei,",
        "21m00Tcm4TlvDq8ikWAM,en,af_heart,",
        "af_heart,en-GB,af_heart,",
        "af_heart,fr,af_heart,fr",
        "af_heart,tlh,af_heart,",
        ",,af_heart,",
        ",zh,zf_xiaobei,",
        ",tlh,af_heart,"
    })
    void answers(
            @Nullable String asked,
            @Nullable String language,
            String answers,
            @Nullable String spoken) {
        SpeechOptions found =
                voices.find(
                        SpeechOrder.of("any", asked, AudioFormat.PCM)
                                .withLanguage(language)
                                .options(),
                        new Engine());
        assertThat(found.voice()).isEqualTo(answers);
        assertThat(found.language()).isEqualTo(spoken);
    }

    @Test
    void voicesInSsmlAreFoundOrSpokenByTheOneThatSpeaksAnyway() {
        SpeechOptions options =
                SpeechOptions.of("af_heart").withReading(Reading.PLAIN.withMarkup(TextMarkup.SSML));
        SpeechOptions found =
                voices.inText(
                        Script.of(
                                "<speak><voice name=\"ash\">a</voice><voice"
                                        + " name=\"Nobody\">b</voice></speak>",
                                TextMarkup.SSML),
                        options,
                        new Engine());
        assertThat(found.reading().voices())
                .containsEntry("ash", new VoiceStyle("am_michael", 1))
                .containsEntry("nobody", new VoiceStyle("af_heart", 1));
    }

    @ParameterizedTest
    @CsvSource({"alloy,0", "Echo,1", "onyx,3", "cedar,0"})
    void openAisVoicesAreSpeakersOfAModelThatNumbersThem(String asked, String answers) {
        TextToSpeech numbered =
                new Engine() {
                    @Override
                    public void check(SpeechOptions options) {
                        if (!options.voice().matches("[0-3]")) {
                            throw new UnknownVoiceException(options.voice(), List.of());
                        }
                    }
                };
        VoiceAliases aliases = VoiceAliases.open(Path.of("there-is-no-such-file.json"));
        assertThat(aliases.resolve(SpeechOptions.of(asked), numbered, false).voice())
                .isEqualTo(answers);
    }

    /** Three voices; can speak English, French and Mandarin. */
    private static class Engine implements TextToSpeech {
        private final Admission admission = new Admission(1, 64);

        @Override
        public List<Voice> voices() {
            return List.of(
                    new Voice("af_heart", "Heart", "en-us", "female"),
                    new Voice("am_michael", "Michael", "en-us", "male"),
                    new Voice("zf_xiaobei", "Xiaobei", "cmn", "female"));
        }

        @Override
        public int sampleRate() {
            return 24_000;
        }

        @Override
        public void check(SpeechOptions options) {
            if (voices().stream().noneMatch(voice -> voice.id().equals(options.voice()))) {
                throw new UnknownVoiceException(options.voice(), List.of());
            }
            if ("tlh".equals(options.language())) {
                throw new EngineException(EngineException.Category.BAD_REQUEST, "no Klingon");
            }
        }

        @Override
        public Admission admission() {
            return admission;
        }

        @Override
        public SpeechSummary speak(
                Script script, SpeechOptions options, SpeechSink sink, Ticket ticket) {
            throw new AssertionError("nothing is spoken here");
        }

        @Override
        public long nativeBytes() {
            return 0;
        }

        @Override
        public EngineFacts facts() {
            return new EngineFacts(Placement.Cpu.threads(1), ComputeType.NONE, "fake", 0);
        }

        @Override
        public void close() {}
    }
}
