package dev.parlo.registry.hub;

import dev.parlo.registry.HubQuery;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import java.util.ArrayList;
import java.util.List;

/** One thing to ask the Hub for a list: a tag query or a single repository. */
sealed interface HubQuestion {
    ModelFamily family();

    record Tags(ModelFamily family, HubQuery query) implements HubQuestion {}

    record Single(ModelFamily family, ModelId id) implements HubQuestion {}

    /** All that is asked for a family. */
    static List<HubQuestion> of(ModelFamily family) {
        List<HubQuestion> questions = new ArrayList<>();
        family.hubQueries().forEach(each -> questions.add(new Tags(family, each)));
        family.curated().forEach(each -> questions.add(new Single(family, each)));
        return questions;
    }
}
