package dev.parlo.benchmarks.realtime;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Twenty people who speak, interrupt, cancel, truncate and hang up at random, for minutes: what the
 * server holds must not grow. Fails where it does, or where a session ends that nobody ended.
 *
 * <p>Arguments: address of the server, its process id, port for the language model, a recording,
 * minutes, sessions.
 */
final class RealtimeSoak {
    private static final int SILENCE_MS = 300;

    /** What may be more at the end than after the first fifth. */
    private static final double HEAP_MB = 16;

    private static final double RESIDENT_MB = 64;
    private static final long THREADS = 12;

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong turns = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final URI server;
    private final Recording recording;

    private RealtimeSoak(URI server, Recording recording) {
        this.server = server;
        this.recording = recording;
    }

    public static void main(String[] arguments) throws Exception {
        URI server = URI.create(arguments[0]);
        if (!server.getHost().equals("127.0.0.1")) {
            throw new IllegalArgumentException("Only a server on 127.0.0.1 is put under load.");
        }
        ServerProcess process = new ServerProcess(arguments[1]);
        double minutes = Double.parseDouble(arguments[4]);
        RealtimeSoak soak =
                new RealtimeSoak(server, Recording.of(Path.of(arguments[3]), 0.6));
        try (FixedLlm llm = new FixedLlm(Integer.parseInt(arguments[2]), 15)) {
            soak.run(process, minutes, Integer.parseInt(arguments[5]));
        }
    }

    private void run(ServerProcess process, double minutes, int sessions) throws Exception {
        List<Thread> people = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            Random random = new Random(i);
            people.add(Thread.ofPlatform().start(() -> person(random)));
        }
        double @Nullable [] first = null;
        long begin = System.nanoTime();
        for (int i = 1; i <= 10; i++) {
            Thread.sleep((long) (minutes * 6000));
            double[] now = {process.liveHeapMb(), process.residentMb(), process.threads()};
            System.out.printf(
                    Locale.ROOT,
                    "%5.0f s  heap %.1f MB  resident %.0f MB  threads %.0f  turns %d  answers %d"
                            + "  errors %d  lost %d%n",
                    (System.nanoTime() - begin) / 1e9,
                    now[0],
                    now[1],
                    now[2],
                    turns.get(),
                    answers.get(),
                    errors.get(),
                    lost.get());
            first = i == 2 ? now : first;
        }
        over.set(true);
        for (Thread person : people) {
            person.join();
        }
        Thread.sleep(2000); // the last ones are let go
        double[] end = {process.liveHeapMb(), process.residentMb(), process.threads()};
        System.out.printf(
                Locale.ROOT,
                "after   heap %.1f MB  resident %.0f MB  threads %.0f%n",
                end[0],
                end[1],
                end[2]);
        if (first == null
                || end[0] > first[0] + HEAP_MB
                || end[1] > first[1] + RESIDENT_MB
                || end[2] > first[2] + THREADS
                || lost.get() > 0) {
            throw new IllegalStateException("the server holds more than at the start, or lost sessions");
        }
    }

    private void person(Random random) {
        while (!over.get()) {
            try (Caller caller = Caller.connect(http, server, SILENCE_MS, true)) {
                int steps = 1 + random.nextInt(8);
                for (int i = 0; i < steps && !over.get(); i++) {
                    step(caller, random);
                    drain(caller);
                }
            } catch (RuntimeException failure) {
                if (!over.get()) {
                    lost.incrementAndGet();
                    System.err.println("lost: " + failure);
                }
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private void step(Caller caller, Random random) throws InterruptedException {
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                var unused = caller.say(recording);
                turns.incrementAndGet();
            }
            case 2 -> {
                // hangs up, or falls silent, in the middle of a word
                byte[] pcm = recording.pcm();
                int end = Caller.PIECE * random.nextInt(pcm.length / Caller.PIECE);
                for (int at = 0; at < end; at += Caller.PIECE) {
                    caller.append(pcm, at, at + Caller.PIECE);
                }
            }
            case 3 -> {
                caller.send("{\"type\":\"response.create\"}");
                Thread.sleep(random.nextInt(600));
                caller.send("{\"type\":\"response.cancel\"}");
            }
            case 4 -> {
                caller.send("{\"type\":\"input_audio_buffer.commit\"}");
                caller.send("{\"type\":\"input_audio_buffer.clear\"}");
            }
            default -> {
                caller.send("{\"type\":\"response.create\"}");
                Caller.Heard item = caller.await("response.output_item.done", 5);
                if (item != null) {
                    caller.send(
                            "{\"type\":\"conversation.item.truncate\",\"content_index\":0,\"audio_end_ms\":300,"
                                    + "\"item_id\":\""
                                    + item.event().path("item").path("id").asString()
                                    + "\"}");
                }
            }
        }
    }

    private void drain(Caller caller) {
        for (Caller.Heard next = caller.poll(); next != null; next = caller.poll()) {
            switch (next.type()) {
                case "" -> throw new IllegalStateException("the session ended");
                case "response.done" -> answers.incrementAndGet();
                case "error" -> errors.incrementAndGet();
                default -> {}
            }
        }
    }
}
