package dev.parlo.server.cosyvoice;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.socket.Conversation;
import dev.parlo.server.socket.SocketPeer;
import dev.parlo.server.socket.Tasks;
import dev.parlo.server.speech.SpeechOrder;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.speech.SpeechStream;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * DashScope's tasks, one after another over one connection: {@code run-task}, {@code
 * continue-task}, {@code finish-task}, and {@code cancel-task}, which ends a task at once.
 */
final class TaskConversation implements Conversation {
    private static final int LONGEST_ID = 128;

    private final SocketPeer peer;
    private final Tasks tasks;
    private final SpeechPipeline pipeline;
    private final TurnRecognition turns;
    private final MemoryBudget budget;
    private final Duration idle;

    /** The last task that was asked for; known to the thread of messages only. */
    private String heard = "";

    private String taskId = "";
    private @Nullable SpeechTask task;

    /** In place of the other one where the task is recognition. */
    private @Nullable ListeningTask listening;

    /**
     * @param budget for audio that is held
     */
    TaskConversation(
            SocketPeer peer,
            Tasks tasks,
            SpeechPipeline pipeline,
            TurnRecognition turns,
            MemoryBudget budget,
            Duration idle) {
        this.peer = peer;
        this.tasks = tasks;
        this.pipeline = pipeline;
        this.turns = turns;
        this.budget = budget;
        this.idle = idle;
    }

    @Override
    public void text(String message) {
        JsonNode root;
        try {
            root = Json.mapper().readTree(message);
        } catch (JacksonException broken) {
            throw ApiError.of(400, "The message is not valid JSON.").withCause(broken);
        }
        JsonNode header = root.path("header");
        String id = header.path("task_id").asString("");
        if (id.isBlank() || id.length() > LONGEST_ID) {
            throw ApiError.of(400, "'header.task_id' must be a text of 1 to 128 characters.");
        }
        JsonNode payload = root.path("payload");
        String action = header.path("action").asString("");
        long size = Json.bytes(message);
        switch (action) {
            case "run-task" -> {
                heard = id;
                tasks.add(size, cancellation -> run(id, payload, cancellation));
            }
            case "continue-task" ->
                    tasks.add(size, cancellation -> proceed(running(id), payload.path("input")));
            case "finish-task" -> {
                if (isCancel(payload)) {
                    cancel(id);
                } else {
                    tasks.add(size, cancellation -> finish(id, payload));
                }
            }
            case "cancel-task" -> cancel(id);
            default ->
                    throw ApiError.of(
                            400,
                            "'header.action' must be 'run-task', 'continue-task', 'finish-task' or"
                                    + " 'cancel-task'.");
        }
    }

    /** DashScope's own way of ending a task early. */
    private static boolean isCancel(JsonNode payload) {
        return payload.path("input").path("directive").asString("").equalsIgnoreCase("CANCEL");
    }

    private void cancel(String id) {
        if (!id.equals(heard)) {
            throw unknownTask();
        }
        tasks.cancel();
        tasks.add(0, cancellation -> cancelled(id));
    }

    /** The task may have ended meanwhile, or not have begun. */
    private void cancelled(String id) {
        SpeechTask open = task;
        ListeningTask heard = listening;
        if (open != null) {
            open.cancelled();
            open.close();
            task = null;
        } else if (heard != null) {
            heard.close();
            listening = null;
            new TaskEvents(peer, id).listened(0);
        } else if (!id.equals(taskId)) {
            new TaskEvents(peer, id).finished(0);
        }
    }

    private void finish(String id, JsonNode payload) {
        ListeningTask heard = listening;
        if (heard != null && id.equals(taskId)) {
            heard.finish();
            heard.close();
            listening = null;
            return;
        }
        SpeechTask open = running(id);
        proceed(open, payload.path("input"));
        open.finish();
        open.close();
        task = null;
    }

    @Override
    public void binary(byte[] message) {
        tasks.add(message.length, cancellation -> hear(message));
    }

    private void hear(byte[] samples) {
        ListeningTask heard = listening;
        if (heard == null) {
            throw ApiError.of(
                    400, "Binary messages are the samples of a task 'asr'; none has been begun.");
        }
        heard.hear(samples);
    }

    private void run(String id, JsonNode payload, Cancellation cancellation) {
        if (task != null || listening != null) {
            throw ApiError.of(400, "The task before is not finished.");
        }
        taskId = id;
        String kind = payload.path("task").asString("tts");
        switch (kind) {
            case "tts" -> speak(id, payload, cancellation);
            case "asr" -> listen(id, payload, cancellation);
            default ->
                    throw ApiError.of(
                            400,
                            "The task '"
                                    + kind.substring(0, Math.min(kind.length(), LONGEST_ID))
                                    + "' is not supported; 'tts' and 'asr' are.",
                            "InvalidParameter");
        }
    }

    private void listen(String id, JsonNode payload, Cancellation cancellation) {
        TaskEvents events = new TaskEvents(peer, id);
        RecognitionParameters parameters = RecognitionParameters.read(payload);
        MemoryBudget.Share memory = budget.open();
        try {
            listening = new ListeningTask(peer, events, parameters, turns, memory, cancellation);
        } catch (RuntimeException | Error notOpened) {
            memory.close();
            throw notOpened;
        }
        events.started(Map.of());
    }

    private void speak(String id, JsonNode payload, Cancellation cancellation) {
        SpeechOrder order = TaskParameters.read(payload);
        SpeechStream speech = pipeline.open(order, cancellation);
        TaskEvents events = new TaskEvents(peer, id);
        SpeechTask open = new SpeechTask(peer, events, speech, order, cancellation);
        task = open;
        events.started(speech.notes());
        // Not before: EchoKit drops audio that comes ahead of 'task-started'.
        open.add(text(payload.path("input")));
    }

    private static void proceed(SpeechTask open, JsonNode input) {
        open.add(text(input));
        if (input.path("flush").asBoolean(false)) {
            open.flush();
        }
    }

    private static String text(JsonNode input) {
        return input.path("text").asString("");
    }

    private SpeechTask running(String id) {
        SpeechTask open = task;
        if (open == null || !id.equals(taskId)) {
            throw unknownTask();
        }
        return open;
    }

    private static ApiError unknownTask() {
        return ApiError.of(400, "There is no task of this 'task_id'; 'run-task' begins one.");
    }

    @Override
    public Duration patience() {
        return idle;
    }

    @Override
    public void silent() {
        if (task != null || listening != null) {
            failed(ApiError.of(408, "Nothing came for a while.", "RequestTimeOut"));
        }
    }

    @Override
    public void failed(ApiError error) {
        new TaskEvents(peer, taskId).failed(error);
    }

    @Override
    public void close() {
        if (task != null) {
            task.close();
        }
        if (listening != null) {
            listening.close();
        }
    }
}
