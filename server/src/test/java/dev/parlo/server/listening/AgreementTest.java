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
    void wordsAreToldWhenTwoHypothesesAgreeAndTheLastOnesWait() {
        Agreement agreement = new Agreement();
        assertThat(agreement.take(" She has")).isEmpty();
        assertThat(agreement.unstable()).isEqualTo("She has");
        assertThat(agreement.take(" She has not been")).isEqualTo("She has");
        assertThat(agreement.take(" She has not bean well")).isEqualTo(" not");
        assertThat(agreement.unstable()).isEqualTo(" bean well");
        assertThat(agreement.take(" She has not been well lately")).isEmpty();
        assertThat(agreement.finish(" She has not been well lately. "))
                .isEqualTo(
                        new Agreement.Whole("She has not been well lately.", " been well lately."));
        assertThat(agreement.told()).isEqualTo("She has not been well lately.");
    }

    @Test
    void aWordThatWasCutOffIsNotToldThoughTwoHypothesesAgree() {
        Agreement agreement = new Agreement();
        agreement.take(" The scientists held off a");
        assertThat(agreement.take(" The scientists held off a their"))
                .isEqualTo("The scientists held off");
        assertThat(agreement.finish(" The scientists held off announcing their results.").text())
                .isEqualTo("The scientists held off announcing their results.");
    }

    @Test
    void theWholeCountsWhereItUnderstandsOtherwiseWhatWasTold() {
        Agreement agreement = new Agreement();
        agreement.take(" I scream for ice cream today and");
        assertThat(agreement.take(" I scream for ice cream today and then"))
                .isEqualTo("I scream for ice cream today");
        assertThat(agreement.finish(" Ice cream, for ice cream today and tomorrow."))
                .isEqualTo(
                        new Agreement.Whole(
                                "Ice cream, for ice cream today and tomorrow.", " and tomorrow."));
    }

    @Test
    void marksAndCaseOfWhatWasToldStay() {
        Agreement agreement = new Agreement();
        agreement.take(" Well now let us go home");
        agreement.take(" Well now let us go home again");
        assertThat(agreement.finish(" Well, now let us go home again.").text())
                .isEqualTo("Well now let us go home again.");
    }

    @Test
    void aScriptWithoutSpacesIsToldByCharacters() {
        Agreement agreement = new Agreement();
        agreement.take("今天天气很好我");
        assertThat(agreement.take("今天天气很好我们去")).isEqualTo("今天天气很");
        assertThat(agreement.finish("今天天气很好我们去公园。"))
                .isEqualTo(new Agreement.Whole("今天天气很好我们去公园。", "好我们去公园。"));
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
        told.append(agreement.finish(last).rest());
        assertThat(agreement.told()).isEqualTo(told.toString());
    }
}
