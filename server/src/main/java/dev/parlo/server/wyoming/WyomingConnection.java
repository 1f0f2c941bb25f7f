package dev.parlo.server.wyoming;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ErrorMapper;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.http.RequestObserver;
import dev.parlo.server.trace.LogContext;
import dev.parlo.server.trace.RequestId;
import dev.parlo.server.trace.Traces;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One client, from its first event to its last. A thread of the connection reads events; what takes
 * time is done by a second one, so that text comes in while audio goes out, and a client that
 * leaves ends its work. One request after another. Thread-safe.
 */
final class WyomingConnection implements InFlight.Work, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(WyomingConnection.class);
    private static final int NORMAL = 1000;
    private static final int POLICY_VIOLATION = 1008;
    private static final int SERVER_ERROR = 1011;

    /** Between two looks whether a client that sends no more is still there. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final String id = RequestId.of(null);
    private final Traces.Span span;
    private final Socket socket;
    private final WyomingServer.Parts parts;
    private final MemoryBudget.Share memory;
    private final EventReader in;
    private final EventWriter out;
    private final Cancellation cancellation = new Cancellation();
    private final long start = System.nanoTime();
    private ObjectNode asked = Event.of("transcribe").data();
    private @Nullable WyomingSpeech streamed;
    private @Nullable Thread request;
    private String model = "";
    private double seconds;
    private volatile @Nullable Thread reader;
    private volatile boolean busy;
    private volatile boolean silent;
    private volatile long expecting;
    private volatile boolean stopping;
    private volatile int closeCode = NORMAL;

    WyomingConnection(Socket socket, WyomingServer.Parts parts) throws IOException {
        this.socket = socket;
        this.parts = parts;
        this.span = parts.inFlight().traces().session(RequestObserver.WYOMING);
        this.memory = parts.budget().open();
        this.in = new EventReader(new BufferedInputStream(socket.getInputStream()), memory);
        this.out = new EventWriter(new BufferedOutputStream(socket.getOutputStream()));
    }

    @Override
    public void run() {
        reader = Thread.currentThread();
        parts.inFlight().observer().begun(RequestObserver.WYOMING);
        try (Traces.Scope log = LogContext.enter(id, span);
                Traces.Scope trace = span.enter()) {
            if (parts.inFlight().enter(this)) {
                converse();
            }
        } catch (IOException gone) {
            LOG.debug("The client of a Wyoming connection left", gone);
            cancellation.cancel();
        } catch (RuntimeException | Error failure) {
            tell(failure);
        } finally {
            end();
        }
    }

    private void converse() throws IOException {
        for (Event event = in.next(); event != null; event = in.next()) {
            if (expecting != 0) {
                expecting = now();
            }
            handle(event);
            if (closeCode != NORMAL || (stopping && !busy)) {
                return;
            }
        }
        awaitLast();
    }

    private void handle(Event event) throws IOException {
        switch (event.type()) {
            case "describe", "ping" -> answerAtOnce(event);
            case "transcribe" -> asked = event.data();
            case "audio-start" -> listen(event);
            case "audio-stop" -> nothingHeard();
            case "synthesize" -> speak(event);
            case "synthesize-start" -> startSpeech(event);
            case "synthesize-chunk" -> {
                if (streamed != null) {
                    streamed.add(event.text("text"));
                }
            }
            case "synthesize-stop" -> stopSpeech();
            default -> {} // as the protocol has it
        }
    }

    private void answerAtOnce(Event event) throws IOException {
        if (event.type().equals("describe")) {
            out.send(parts.info().event());
        } else {
            Event pong = Event.of("pong");
            pong.data().set("text", event.data().path("text").deepCopy());
            out.send(pong);
        }
    }

    /** Takes a recording to its end, then has it transcribed. */
    private void listen(Event event) throws IOException {
        awaitRequest();
        ReceivedAudio audio = new ReceivedAudio(this::nextOfRecording, PcmFormat.of(event.data()));
        busy = true;
        expecting = now();
        UploadSpool.Upload recording;
        try {
            recording = parts.spokenText().keep(audio);
        } finally {
            expecting = 0;
        }
        WyomingTranscription transcription =
                new WyomingTranscription(
                        parts.spokenText(), parts.models(), asked, out, cancellation);
        begin(() -> {
            try (recording) {
                silent = true;
                transcription.run(recording, audio.isEmpty());
                model = transcription.modelId();
                seconds += transcription.seconds();
            }
        });
    }

    private Event nextOfRecording() throws IOException {
        for (Event event = in.next(); event != null; event = in.next()) {
            expecting = now();
            switch (event.type()) {
                case "describe", "ping" -> answerAtOnce(event);
                default -> {
                    return event;
                }
            }
        }
        throw new EOFException("The client left within a recording.");
    }

    private void nothingHeard() throws IOException {
        awaitRequest();
        out.send(Event.of("transcript").with("text", ""));
    }

    private void speak(Event event) throws IOException {
        if (streamed != null) {
            return; // the whole text again, for servers that do not take it in pieces
        }
        awaitRequest();
        WyomingSpeech speech = speech(event);
        begin(() -> {
            try (speech) {
                speech.add(event.text("text"));
                speech.finish(true);
                note(speech);
            }
        });
    }

    private void startSpeech(Event event) throws IOException {
        awaitRequest();
        if (streamed != null) {
            streamed.close();
        }
        busy = true;
        expecting = now();
        streamed = speech(event);
    }

    private WyomingSpeech speech(Event event) {
        return WyomingSpeech.start(
                parts.pipeline(), parts.voices(), event.data(), out, cancellation);
    }

    private void stopSpeech() throws IOException {
        WyomingSpeech speech = streamed;
        streamed = null;
        expecting = 0;
        if (speech == null) {
            return;
        }
        begin(() -> {
            try (speech) {
                speech.finish(false);
                out.send(Event.of("synthesize-stopped"));
                note(speech);
            }
        });
    }

    private void note(WyomingSpeech speech) {
        model = speech.modelId();
        seconds += speech.seconds();
    }

    private interface Request {
        void perform() throws IOException;
    }

    private void begin(Request work) {
        busy = true;
        request =
                Thread.ofVirtual()
                        .name("wyoming-request")
                        .start(() -> {
                            try (Traces.Scope log = LogContext.enter(id, span);
                                    Traces.Scope trace = span.enter()) {
                                work.perform();
                            } catch (IOException gone) {
                                cancellation.cancel();
                            } catch (RuntimeException
                                    | Error failure) { // as of a native library that is missing
                                tell(failure);
                            } finally {
                                busy = false;
                                silent = false;
                                if (stopping) {
                                    close(); // the reader waits for an event that is not wanted any
                                    // more
                                }
                            }
                        });
    }

    /** Waits for the request before. */
    private void awaitRequest() {
        Thread running = request;
        request = null;
        try {
            if (running != null) {
                running.join();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            cancellation.cancel();
        }
    }

    /**
     * Waits for the last request of a client that sends no more. It may still read; while nothing
     * is sent that would tell whether it does, it is asked.
     */
    private void awaitLast() throws IOException {
        Thread running = request;
        try {
            while (running != null && !running.join(LOOK)) {
                if (silent) {
                    // Beside what a client reads: the system of one that left answers with a reset.
                    socket.sendUrgentData(0);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            cancellation.cancel();
        }
    }

    /** Clients end at an answer or at the end of the stream, some of them not at an error. */
    private void tell(Throwable failure) {
        if (cancellation.isCancelled() && !stopping) {
            return; // it is gone
        }
        ApiError error =
                stopping ? ApiError.stopping().withCause(failure) : ErrorMapper.toApiError(failure);
        closeCode = error.status() < 500 ? POLICY_VIOLATION : SERVER_ERROR;
        Object code = error.error().get("code");
        Event event = Event.of("error").with("text", error.message());
        try {
            out.send(code == null ? event : event.with("code", code.toString()));
        } catch (IOException gone) {
            LOG.debug("The client left before it was told of an error", gone);
        }
        close();
    }

    private void end() {
        WyomingSpeech open = streamed;
        if (open != null) {
            cancellation.cancel();
            open.close();
        }
        Thread running = request;
        if (running != null) {
            cancellation.cancel();
            try {
                running.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
        close();
        memory.close();
        parts.inFlight().leave(this);
        parts.inFlight()
                .observer()
                .finished(
                        new RequestObserver.FinishedConversation(
                                RequestObserver.WYOMING,
                                closeCode,
                                Duration.ofNanos(System.nanoTime() - start),
                                model,
                                seconds));
        span.note("parlo.request_id", id);
        span.note("parlo.model", model);
        span.note("parlo.audio_seconds", seconds);
        span.end();
    }

    /** Cuts off a client that stops within an event, a recording or a text, or does not read. */
    void check(long now, WyomingServer.Patience patience) {
        boolean slow =
                isOver(in.begun(), patience.event(), now)
                        || isOver(expecting, patience.next(), now)
                        || isOver(out.begun(), patience.sending(), now);
        if (slow) {
            LOG.info("A Wyoming client was cut off: it stopped in the middle");
            cancellation.cancel();
            close();
        }
    }

    /** Of {@link System#nanoTime}, and not 0. */
    private static long now() {
        return Math.max(1, System.nanoTime());
    }

    private static boolean isOver(long begun, Duration longest, long now) {
        return begun != 0 && now - begun > longest.toNanos();
    }

    void close() {
        try {
            socket.close();
        } catch (IOException gone) {
            LOG.debug("A connection could not be closed in order", gone);
        }
    }

    @Override
    public void finish() {
        stopping = true;
        if (!busy) {
            close();
        }
    }

    @Override
    public void stop() {
        finish();
        cancellation.cancel();
        if (expecting != 0) {
            close(); // nothing was answered yet
        }
    }

    @Override
    public void interrupt() {
        Thread running = reader;
        if (running != null) {
            running.interrupt();
        }
        close();
    }
}
