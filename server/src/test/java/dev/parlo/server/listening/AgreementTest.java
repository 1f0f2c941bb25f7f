package dev.parlo.server.listening;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class AgreementTest {
    @Test
    void wordsAreToldWhenTwoHypothesesAgreeAndTheLastOneWaits() {
        Agreement agreement = new Agreement();
        assertThat(agreement.take(" She has")).isEmpty();
        assertThat(agreement.unstable()).isEqualTo("She has");
        assertThat(agreement.take(" She has not been")).isEqualTo("She has");
        assertThat(agreement.take(" She has not bean well")).isEqualTo(" not");
        assertThat(agreement.unstable()).isEqualTo(" bean well");
        assertThat(agreement.take(" She has not been well lately")).isEmpty();
        assertThat(agreement.finish(" She has not been well lately. "))
                .isEqualTo(" been well lately.");
        assertThat(agreement.told()).isEqualTo("She has not been well lately.");
    }

    @Test
    void theEndIsFoundAlsoWhereTheBeginningIsUnderstoodOtherwise() {
        Agreement agreement = new Agreement();
        agreement.take(" I scream for ice cream today");
        assertThat(agreement.take(" I scream for ice cream today and"))
                .isEqualTo("I scream for ice cream today");
        assertThat(agreement.finish(" Ice cream, for ice cream today and tomorrow."))
                .isEqualTo(" and tomorrow.");
    }

    @Test
    void aScriptWithoutSpacesIsToldByCharacters() {
        Agreement agreement = new Agreement();
        agreement.take("今天天气");
        assertThat(agreement.take("今天天气很好")).isEqualTo("今天天气");
        assertThat(agreement.finish("今天天气很好。")).isEqualTo("很好。");
    }

    @Property(tries = 300)
    void whatWasToldIsTheBeginningOfTheWholeWhateverComes(
            @ForAll @Size(max = 6)
                    List<@AlphaChars @Chars({' ', '.', '天', 'a'}) @StringLength(max = 30) String>
                            hypotheses,
            @ForAll @AlphaChars @Chars({' ', '.', '天'}) @StringLength(max = 30) String last) {
        Agreement agreement = new Agreement();
        StringBuilder told = new StringBuilder();
        for (String hypothesis : hypotheses) {
            told.append(agreement.take(hypothesis));
            assertThat(agreement.told()).isEqualTo(told.toString());
        }
        told.append(agreement.finish(last));
        assertThat(agreement.told()).isEqualTo(told.toString());
    }
}
