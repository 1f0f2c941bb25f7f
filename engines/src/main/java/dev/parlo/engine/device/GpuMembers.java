package dev.parlo.engine.device;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The same engine on several GPUs. A request goes to the GPU with the fewest; one that fails gets
 * no more, and its requests end at once. Thread-safe.
 *
 * @param <E> the engine
 */
final class GpuMembers<E extends AutoCloseable> implements AutoCloseable {
    private final List<Member<E>> members;
    private final GpuHealth health;

    /** What a request does with the engine that it was given. */
    @FunctionalInterface
    interface Work<E, R> {
        /**
         * @param ticket its place in the queue before that engine, whose cancellation is raised
         *     when the request ends or the GPU fails
         */
        R run(E engine, Ticket ticket);
    }

    /** One of them. Guarded by the members' monitor. */
    private static final class Member<E> {
        final Placement.Cuda gpu;
        final E engine;
        final Set<Cancellation> running = new HashSet<>();

        Member(Placement.Cuda gpu, E engine) {
            this.gpu = gpu;
            this.engine = engine;
        }
    }

    private GpuMembers(List<Member<E>> members, GpuHealth health) {
        this.members = members;
        this.health = health;
    }

    /**
     * Loads the engine on each GPU that has not failed.
     *
     * @throws EngineException of category DEVICE_LOST when all have, or what the loading throws
     */
    static <E extends AutoCloseable> GpuMembers<E> open(
            List<Placement.Cuda> gpus, GpuHealth health, Function<Placement.Cuda, E> loading) {
        List<Member<E>> members = new ArrayList<>();
        GpuMembers<E> opened = new GpuMembers<>(members, health);
        try {
            for (Placement.Cuda gpu : health.usable(gpus)) {
                members.add(new Member<>(gpu, loading.apply(gpu)));
            }
            return opened;
        } catch (RuntimeException | Error failure) {
            opened.close();
            throw failure;
        }
    }

    /** Any of them, for what is the same of all. */
    E first() {
        return members.getFirst().engine;
    }

    List<E> all() {
        return members.stream().map(member -> member.engine).toList();
    }

    /** Where they are, those that have failed left out while there are others. */
    List<Placement> placements() {
        List<Placement> usable = new ArrayList<>();
        List<Placement> every = new ArrayList<>();
        for (Member<E> member : members) {
            every.add(member.gpu);
            if (!health.isLost(member.gpu)) {
                usable.add(member.gpu);
            }
        }
        return usable.isEmpty() ? every : usable;
    }

    /** What all of them come to together. */
    EngineFacts facts(Function<E, EngineFacts> each) {
        List<EngineFacts> facts = all().stream().map(each).toList();
        return new EngineFacts(
                placements(),
                facts.getFirst().computeType(),
                facts.getFirst().runtime(),
                facts.stream().mapToLong(EngineFacts::nativeBytes).sum(),
                facts.stream().mapToLong(EngineFacts::deviceBytes).sum(),
                facts.getFirst().nodes());
    }

    /**
     * The queue before the engine of one GPU. With several each has its own turns: who waits for
     * one shall not be passed over while another is idle.
     */
    static Admission queue(List<Placement.Cuda> gpus, Admission common) {
        return gpus.size() == 1 ? common : common.another();
    }

    /**
     * Runs a request on the GPU that has the fewest.
     *
     * @param ticket of the request, in the queue before all
     * @param queue before an engine
     * @throws EngineException of category DEVICE_LOST when that GPU fails meanwhile, or all have
     */
    <R> R run(Ticket ticket, Function<E, Admission> queue, Work<E, R> work) {
        Cancellation request = ticket.cancellation();
        Cancellation own = new Cancellation();
        Member<E> member = begin(own);
        Admission admission = queue.apply(member.engine);
        try (Cancellation.Registration link = request.onCancel(own::cancel)) {
            if (admission == ticket.admission()) {
                return work.run(member.engine, ticket.withCancellation(own));
            }
            try (Ticket place = admission.enter(ticket.priority(), own)) {
                return work.run(member.engine, place.withObserver(ticket.ownObserver()));
            }
        } catch (EngineException failure) {
            if (failure.category() == Category.DEVICE_LOST) {
                lose(member, String.valueOf(failure.getMessage()));
            } else if (failure.category() == Category.CANCELLED
                    && health.isLost(member.gpu)
                    && !request.isCancelled()) {
                throw new EngineException(
                        Category.DEVICE_LOST,
                        member.gpu.label() + " failed while it computed this request. Try again.",
                        failure);
            }
            throw failure;
        } finally {
            end(member, own);
        }
    }

    private synchronized Member<E> begin(Cancellation own) {
        Member<E> member =
                members.stream()
                        .filter(candidate -> !health.isLost(candidate.gpu))
                        .min(Comparator.comparingInt(candidate -> candidate.running.size()))
                        .orElseThrow(GpuHealth::noneLeft);
        member.running.add(own);
        return member;
    }

    private synchronized void end(Member<E> member, Cancellation own) {
        member.running.remove(own);
    }

    private void lose(Member<E> member, String why) {
        health.lose(member.gpu, why);
        List<Cancellation> others;
        synchronized (this) {
            others = List.copyOf(member.running);
        }
        // Outside of the monitor: what is told of a cancellation may take other locks.
        others.forEach(Cancellation::cancel);
    }

    /**
     * Closes those whose GPU works. What lies on a GPU that has failed cannot be freed: asking its
     * driver to could hold up the thread for ever, and the process loses it at its end.
     */
    @Override
    public void close() {
        IllegalStateException failed = null;
        for (Member<E> member : members) {
            if (health.isLost(member.gpu)) {
                continue;
            }
            try {
                member.engine.close();
            } catch (Exception | Error failure) { // the others are closed all the same
                if (failed == null) {
                    failed = new IllegalStateException(failure);
                } else {
                    failed.addSuppressed(failure);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
