package dev.parlo.engine.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.pool.PoolObserver.Unloaded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolObserversTest {
    @Test
    void everyObserverIsToldThoughOneBeforeItFails() {
        List<String> heard = new ArrayList<>();
        PoolObserver<String> failing =
                new PoolObserver<>() {
                    @Override
                    public void loaded(String key, Duration took, long bytes, long processBytes) {
                        throw new IllegalStateException("an observer that fails");
                    }

                    @Override
                    public void unloaded(String key, Unloaded why, long bytes) {
                        throw new IllegalStateException("an observer that fails");
                    }
                };
        PoolObserver<String> writing =
                new PoolObserver<>() {
                    @Override
                    public void loaded(String key, Duration took, long bytes, long processBytes) {
                        heard.add("loaded " + key + " " + bytes);
                    }

                    @Override
                    public void unloaded(String key, Unloaded why, long bytes) {
                        heard.add("unloaded " + key + " " + why);
                    }
                };
        PoolObserver<String> all = PoolObserver.all(failing, writing);
        all.loaded("a", Duration.ZERO, 7, 8);
        all.unloaded("a", Unloaded.EVICTED, 7);
        assertThat(heard).containsExactly("loaded a 7", "unloaded a EVICTED");
    }
}
