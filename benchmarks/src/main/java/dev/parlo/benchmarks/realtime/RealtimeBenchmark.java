package dev.parlo.benchmarks.realtime;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import tools.jackson.databind.ObjectMapper;

/**
 * How soon a conversation goes on: from the end of the voice to the transcript, less the silence
 * that ends a turn; to the first words; to the first sound after the language model's first
 * sentence; and what sessions cost. For 1, 4 and 8 sessions at once, each with a person who speaks
 * as fast as people do.
 *
 * <p>Arguments: address of the server, its process id, port for the language model, a recording,
 * turns of each session, file to write, document that has the results.
 */
final class RealtimeBenchmark {
    private static final int SILENCE_MS = 500;
    private static final double PAUSE = 1.5;
    private static final int[] SESSIONS = {1, 4, 8};
    private static final int COSTED = 8;
    private static final double PATIENCE = 60;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI server;
    private final ServerProcess process;
    private final Recording recording;
    private final int turns;

    private RealtimeBenchmark(URI server, ServerProcess process, Recording recording, int turns) {
        this.server = server;
        this.process = process;
        this.recording = recording;
        this.turns = turns;
    }

    public static void main(String[] arguments) throws Exception {
        URI server = URI.create(arguments[0]);
        if (!server.getHost().equals("127.0.0.1")) {
            throw new IllegalArgumentException("Only a server on 127.0.0.1 is measured.");
        }
        RealtimeBenchmark benchmark =
                new RealtimeBenchmark(
                        server,
                        new ServerProcess(arguments[1]),
                        Recording.of(Path.of(arguments[3]), PAUSE),
                        Integer.parseInt(arguments[4]));
        Map<String, Object> result = new LinkedHashMap<>();
        benchmark.turns(1, new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>()); // warm
        for (int sessions : SESSIONS) {
            ConcurrentLinkedQueue<Double> transcripts = new ConcurrentLinkedQueue<>();
            ConcurrentLinkedQueue<Double> partials = new ConcurrentLinkedQueue<>();
            double cpu = benchmark.turns(sessions, transcripts, partials);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put(RealtimeReport.TRANSCRIPT, quantiles(transcripts));
            row.put(RealtimeReport.WORDS, quantiles(partials));
            row.put(RealtimeReport.CORES, rounded(cpu / sessions));
            result.put(sessions == 1 ? "1 session" : sessions + " sessions", row);
        }
        result.put(RealtimeReport.IDLE, rounded(benchmark.idle(false)));
        result.put(RealtimeReport.SILENT, rounded(benchmark.idle(true)));
        try (FixedLlm llm = new FixedLlm(Integer.parseInt(arguments[2]), 20)) {
            result.put(RealtimeReport.SOUND, quantiles(benchmark.answers(llm)));
        }
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[5]).toFile(), result);
        RealtimeReport.write(result, Path.of(arguments[6]));
    }

    /** Cores that the server used meanwhile. */
    private double turns(
            int sessions,
            ConcurrentLinkedQueue<Double> transcripts,
            ConcurrentLinkedQueue<Double> partials)
            throws Exception {
        double cpu = process.cpuSeconds();
        long begin = System.nanoTime();
        together(
                sessions,
                caller -> {
                    for (int turn = 0; turn < turns; turn++) {
                        Caller.Sent sent = caller.say(recording);
                        Caller.Heard partial = awaited(caller, "delta");
                        // Of the whole the last delta comes with the end.
                        partials.add((partial.at() - sent.voiceStart()) / 1e6);
                        Caller.Heard whole = awaited(caller, "completed");
                        transcripts.add((whole.at() - sent.voiceEnd()) / 1e6 - SILENCE_MS);
                    }
                });
        return (process.cpuSeconds() - cpu) / ((System.nanoTime() - begin) / 1e9);
    }

    private static Caller.Heard awaited(Caller caller, String what) {
        String type = "conversation.item.input_audio_transcription." + what;
        try {
            Caller.Heard heard = caller.await(type, PATIENCE);
            if (heard == null) {
                throw new IllegalStateException("no " + type);
            }
            return heard;
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private void together(int sessions, Consumer<Caller> action) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < sessions; i++) {
            int number = i;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                try (Caller caller =
                                        Caller.connect(http, server, SILENCE_MS, false)) {
                                    Thread.sleep(137L * number); // people do not speak in step
                                    action.accept(caller);
                                } catch (Exception failure) {
                                    failures.add(failure);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a session failed", failures.peek());
        }
    }

    /** Cores of each of eight sessions in which nobody speaks. */
    private double idle(boolean audible) throws Exception {
        double cpu = process.cpuSeconds();
        long begin = System.nanoTime();
        Recording silence = Recording.silence(10);
        together(
                COSTED,
                caller -> {
                    if (audible) {
                        var unused = caller.say(silence);
                    } else {
                        sleep(10_000);
                    }
                });
        return (process.cpuSeconds() - cpu) / ((System.nanoTime() - begin) / 1e9) / COSTED;
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private ConcurrentLinkedQueue<Double> answers(FixedLlm llm) throws Exception {
        ConcurrentLinkedQueue<Double> first = new ConcurrentLinkedQueue<>();
        together(
                1,
                caller -> {
                    for (int i = -1; i < 2 * turns; i++) {
                        caller.send("{\"type\":\"response.create\"}");
                        try {
                            Caller.Heard sound =
                                    caller.await("response.output_audio.delta", PATIENCE);
                            if (sound == null || caller.await("response.done", PATIENCE) == null) {
                                throw new IllegalStateException("no answer");
                            }
                            if (i >= 0) { // the first loads the voice
                                first.add((sound.at() - llm.sentenceAt()) / 1e6);
                            }
                        } catch (InterruptedException stopped) {
                            throw new IllegalStateException(stopped);
                        }
                    }
                });
        return first;
    }

    private static Map<String, Object> quantiles(ConcurrentLinkedQueue<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("p50", rounded(sorted.get((sorted.size() - 1) / 2)));
        row.put("p95", rounded(sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1)));
        row.put("n", sorted.size());
        return row;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
