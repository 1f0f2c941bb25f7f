package dev.parlo.server.hostile;

import dev.parlo.server.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Attacks a server that it starts, on this machine only, until a time is over: {@code make hostile
 * SECONDS=600}. Ends with 1 where the server died, did not answer its probe, or did not end in
 * order.
 */
final class HostileRun {
    private static final int ATTACKERS = 4;

    private final Map<String, Map<String, Integer>> seen = new ConcurrentSkipListMap<>();
    private final AtomicInteger next = new AtomicInteger();

    private HostileRun() {}

    static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 600;
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        Path folder = Files.createTempDirectory("parlo-hostile-");
        System.out.println(seconds + " seconds with seed " + seed + ", files in " + folder);
        String fault = new HostileRun().run(folder, Duration.ofSeconds(seconds), seed, true);
        System.out.println(fault.isEmpty() ? "The server survived." : fault);
        System.exit(fault.isEmpty() ? 0 : 1);
    }

    /** The same for a test; answers what went wrong, or nothing. */
    static String briefly(Path folder, Duration time, long seed) throws Exception {
        return new HostileRun().run(folder, time, seed, false);
    }

    private String run(Path folder, Duration time, long seed, boolean told) throws Exception {
        Path home = ProjectFiles.root();
        Map<String, Attack> attacks = new TreeMap<>(SpeechAttacks.all());
        attacks.putAll(ModelAttacks.written(folder.resolve("models"), home));
        attacks.putAll(SpeakerAttacks.written(folder.resolve("models")));
        attacks.putAll(new AudioAttacks(home).all());
        attacks.putAll(ConnectionAttacks.all());
        try (StartedServer server = new StartedServer(folder, home)) {
            long end = System.nanoTime() + time.toNanos();
            String fault = attack(server, List.copyOf(attacks.entrySet()), end, seed);
            if (told) {
                seen.forEach((name, answers) ->
                        System.out.println(String.format(Locale.ROOT, "%-45s %s", name, answers)));
            }
            if (!fault.isEmpty()) {
                return fault + "\n" + server.lastLines();
            }
            int code = server.stop();
            return code == 0 ? "" : "It ended with " + code + ".\n" + server.lastLines();
        }
    }

    private String attack(
            StartedServer server, List<Map.Entry<String, Attack>> attacks, long end, long seed)
            throws Exception {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        ATTACKERS, Thread.ofPlatform().name("attacker-", 0).daemon().factory())) {
            List<Future<String>> attackers = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                Random random = new Random(seed + i);
                attackers.add(threads.submit(() -> attackUntil(server, attacks, random, end)));
            }
            String fault = "";
            for (Future<String> attacker : attackers) {
                String own = attacker.get();
                fault = fault.isEmpty() ? own : fault;
            }
            return fault;
        }
    }

    /** Each kind once, however short the time is, then any until the time is over. */
    private String attackUntil(
            StartedServer server, List<Map.Entry<String, Attack>> attacks, Random random, long end)
            throws IOException, InterruptedException {
        while (true) {
            int number = next.getAndIncrement();
            if (number >= attacks.size() && System.nanoTime() > end) {
                return "";
            }
            Map.Entry<String, Attack> attack =
                    attacks.get(number < attacks.size() ? number : random.nextInt(attacks.size()));
            String answer;
            try {
                answer = attack.getValue().once(server.target(), random);
            } catch (InterruptedException stop) {
                throw stop;
            } catch (Exception failure) {
                answer = failure.getClass().getSimpleName();
            }
            seen.computeIfAbsent(attack.getKey(), name -> new ConcurrentSkipListMap<>())
                    .merge(answer, 1, Integer::sum);
            if (!server.alive()) {
                return "The server died after: " + attack.getKey();
            }
            if (!answers(server)) {
                return "The server does not answer after: " + attack.getKey();
            }
        }
    }

    /** A probe may be refused while connections are used up, but not for long. */
    private static boolean answers(StartedServer server) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (server.alive() && System.nanoTime() < end) {
            if (server.target().health() == 200) {
                return true;
            }
            Thread.sleep(500);
        }
        return false;
    }
}
