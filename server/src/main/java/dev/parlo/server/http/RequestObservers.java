package dev.parlo.server.http;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several observers, none of which can keep a request from ending. Thread-safe as they are. */
final class RequestObservers implements RequestObserver {
    private static final Logger LOG = LoggerFactory.getLogger(RequestObservers.class);

    private final List<RequestObserver> observers;

    RequestObservers(List<RequestObserver> observers) {
        this.observers = observers;
    }

    @Override
    public void finished(FinishedRequest request) {
        forEach(observer -> observer.finished(request));
    }

    @Override
    public void begun(String path) {
        forEach(observer -> observer.begun(path));
    }

    @Override
    public void finished(FinishedConversation conversation) {
        forEach(observer -> observer.finished(conversation));
    }

    @Override
    public void refused() {
        forEach(RequestObserver::refused);
    }

    private void forEach(Consumer<RequestObserver> call) {
        for (RequestObserver observer : observers) {
            try {
                call.accept(observer);
            } catch (RuntimeException failure) {
                LOG.error("An observer of requests failed", failure);
            }
        }
    }
}
