package dev.parlo.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Latches;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.llm.FakeLlm;
import dev.parlo.server.llm.LlmClient;
import dev.parlo.server.llm.LlmSettings;
import dev.parlo.server.speech.TonePipeline;
import dev.parlo.server.trace.Traces;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** Which answers of a session are under way, and in which order the client hears of them. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AnswersTest {
    private final FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
    private final CountDownLatch spoken = llm.holdBefore(1);
    private final LlmClient client =
            new LlmClient(
                    new LlmSettings(
                            Optional.of(URI.create(llm.url())),
                            Optional.empty(),
                            Optional.empty(),
                            Duration.ofMinutes(2)),
                    NetworkSettings.direct(),
                    Traces.NONE);
    private final TonePipeline tones;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch endsMayBeTold = new CountDownLatch(1);

    AnswersTest(@TempDir Path folder) throws IOException {
        tones = new TonePipeline(folder);
    }

    @AfterEach
    void close() {
        endsMayBeTold.countDown();
        spoken.countDown();
        client.close();
        llm.close();
        tones.close();
    }

    /** The client is slow to take the end of an answer. */
    private void tell(ObjectNode event) {
        String type = event.path("type").asString();
        if (type.equals("response.done")) {
            Latches.await(endsMayBeTold);
        }
        if (type.equals("response.created") || type.equals("response.done")) {
            told.add(type + " " + event.at("/response/status").asString());
        }
    }

    private Talk talk(Dialect dialect) {
        Ids ids = new Ids();
        Emitter emitter =
                new Emitter(this::tell, (part, answer) -> answer.check(), ids, dialect, dialect);
        SessionSettings settings = SessionSettings.conversation(llm.model());
        settings.audio = false;
        return new Talk(ids, emitter, new MemoryBudget(1 << 20).open(), settings);
    }

    private Answers answers(Talk talk) {
        return new Answers(talk, new Answer.Means(client, tones.pipeline()), () -> {}, ended -> {});
    }

    private void assertInTurn() {
        endsMayBeTold.countDown();
        spoken.countDown();
        await().until(() -> told.size() == 4);
        assertThat(told)
                .containsExactly(
                        "response.created in_progress",
                        "response.done cancelled",
                        "response.created in_progress",
                        "response.done completed");
    }

    @Test
    void theEndOfAnAnswerThatIsReplacedIsToldBeforeTheNextOneBegins() {
        Talk talk = talk(Dialect.BETA);
        try (Answers answers = answers(talk)) {
            answers.create(ResponseOrder.usual(talk.settings()));
            answers.create(ResponseOrder.usual(talk.settings()));
            assertInTurn();
        }
    }

    @Test
    void theEndOfAnAnswerThatWasCancelledIsToldBeforeTheNextOneBegins() {
        Talk talk = talk(Dialect.GA);
        try (Answers answers = answers(talk)) {
            answers.create(ResponseOrder.usual(talk.settings()));
            answers.cancel(null);
            answers.automatic();
            assertInTurn();
        }
    }

    @Test
    void theEndOfAnAnswerThatAVoiceInterruptedIsToldBeforeTheNextOneBegins() {
        Talk talk = talk(Dialect.BETA);
        try (Answers answers = answers(talk)) {
            answers.automatic();
            answers.interrupt(() -> {});
            answers.create(ResponseOrder.usual(talk.settings()));
            assertInTurn();
        }
    }

    @Test
    void anAnswerThatATurnGetsWhileTheClientAsksForOneIsTheOnlyOne() {
        Talk talk = talk(Dialect.GA);
        try (Answers answers = answers(talk)) {
            // What it costs is looked at between the client's question and the answer's beginning.
            List<Item> meanwhile =
                    new AbstractList<>() {
                        @Override
                        public Item get(int index) {
                            throw new IndexOutOfBoundsException(index);
                        }

                        @Override
                        public int size() {
                            return 0;
                        }

                        @Override
                        public Iterator<Item> iterator() {
                            answers.automatic();
                            return super.iterator();
                        }
                    };
            ResponseOrder order =
                    new ResponseOrder(talk.settings(), true, meanwhile, NullNode.getInstance());
            assertThatThrownBy(() -> answers.create(order))
                    .isInstanceOfSatisfying(
                            RealtimeException.class,
                            refused ->
                                    assertThat(refused.code())
                                            .isEqualTo("conversation_already_has_active_response"));
            assertThat(told).containsExactly("response.created in_progress");
        }
    }

    @Test
    void anAnswerThatTheClientReplacesMeanwhileIsEndedInTheBeta() {
        Talk talk = talk(Dialect.BETA);
        try (Answers answers = answers(talk)) {
            answers.automatic();
            answers.automatic(); // one is under way
            answers.create(ResponseOrder.usual(talk.settings()));
            answers.automatic(); // and now another one
            assertInTurn();
        }
    }
}
