package dev.parlo.engine.whisper.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.whisper.network.Resources;
import java.util.HashSet;
import java.util.Set;

/** Of something that is made part by part: fails when it has so many, as if the next failed. */
final class FailingResources extends Resources {
    private final int most;
    private final Set<Object> open = new HashSet<>();
    private int made;

    private FailingResources(int most) {
        this.most = most;
    }

    /** Makes something. */
    interface Making {
        void with(Resources resources) throws Exception;
    }

    /**
     * Makes it again and again, each time with one part more, until it is whole, and checks that
     * nothing stays open.
     *
     * @return its parts
     */
    static int parts(Making making) {
        for (int most = 1; ; most++) {
            FailingResources resources = new FailingResources(most);
            try {
                making.with(resources);
            } catch (OutOfMemoryError expected) {
                assertThat(expected).hasMessage("part " + most);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            assertThat(resources.open).isEmpty();
            if (resources.made < most) {
                return resources.made;
            }
        }
    }

    @Override
    public <T> T add(T resource, Runnable close) {
        made++;
        open.add(resource);
        super.add(
                resource,
                () -> {
                    open.remove(resource);
                    close.run();
                });
        if (made == most) {
            throw new OutOfMemoryError("part " + most);
        }
        return resource;
    }
}
