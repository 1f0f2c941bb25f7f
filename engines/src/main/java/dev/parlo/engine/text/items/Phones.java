package dev.parlo.engine.text.items;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads numbers that are said digit by digit: of telephones, cards, insurance, post codes. */
final class Phones implements ItemRule {
    private static final int MAX_GROUPS = 8;
    private static final Set<String> CALLS =
            Set.of(
                    "call",
                    "calls",
                    "called",
                    "calling",
                    "phone",
                    "telephone",
                    "tel",
                    "dial",
                    "dialed",
                    "fax",
                    "text",
                    "texted",
                    "ring",
                    "mobile",
                    "cell",
                    "whatsapp",
                    "hotline",
                    "llame",
                    "llama",
                    "teléfono",
                    "appelez",
                    "téléphone",
                    "anrufen",
                    "telefon",
                    "chiama",
                    "telefono",
                    "ligue",
                    "telefone",
                    "rufen",
                    "नंबर",
                    "फोन");
    private static final Set<String> IDENTIFIERS =
            Set.of("isbn", "issn", "ean", "upc", "imei", "iban", "doi");

    private static final Set<String> TEXTING = Set.of("text", "texting", "sms", "txt");

    /** What has a long number of its own: {@code account number 12345678}. */
    private static final Set<String> ACCOUNTS =
            Set.of(
                    "account",
                    "acct",
                    "order",
                    "tracking",
                    "confirmation",
                    "reference",
                    "ref",
                    "booking",
                    "case",
                    "serial",
                    "policy",
                    "member",
                    "membership",
                    "routing",
                    "customer",
                    "ticket",
                    "invoice",
                    "konto",
                    "kontonummer",
                    "kundennummer");

    private static final Set<String> NUMBER_WORDS =
            Set.of(
                    "number",
                    "no",
                    "id",
                    "is",
                    "account",
                    "acct",
                    "ref",
                    "reference",
                    "kontonummer");

    private static final Set<String> CODES =
            Set.of(
                    "zip",
                    "zipcode",
                    "pin",
                    "passcode",
                    "password",
                    "code",
                    "postcode",
                    "postal",
                    "otp",
                    "plz",
                    "código",
                    "codice",
                    "cap",
                    "cep");

    private record Groups(List<String> digits, String marks, int next) {
        boolean sizes(int... wanted) {
            if (digits.size() != wanted.length) {
                return false;
            }
            for (int i = 0; i < wanted.length; i++) {
                if (digits.get(i).length() != wanted[i]) {
                    return false;
                }
            }
            return true;
        }

        int total() {
            return digits.stream().mapToInt(String::length).sum();
        }
    }

    @Override
    public @Nullable Match at(Tokens tokens, int index) {
        boolean plus = tokens.is(index, '+') && tokens.number(index + 1);
        int first = plus ? index + 1 : index;
        boolean bracket = tokens.is(first, '(') && tokens.number(first + 1);
        if (!tokens.number(first) && !bracket
                || Context.glued(tokens, index)
                || !plus && tokens.in(index - 1, "-+$€£¥")) {
            return null;
        }
        Groups groups = groups(tokens, first);
        if (groups == null
                || tokens.word(groups.next)
                || tokens.in(groups.next, "-.,/:%") && tokens.number(groups.next + 1)) {
            return null;
        }
        if (plus
                ? groups.total() >= 7 && groups.total() <= 15
                : called(tokens, index, groups, bracket)) {
            List<String> said = new ArrayList<>(groups.digits);
            if (plus) {
                said.set(0, "+" + said.getFirst());
            }
            return new Match(new Item.Digits(said), groups.next);
        }
        return null;
    }

    private static @Nullable Groups groups(Tokens tokens, int index) {
        List<String> digits = new ArrayList<>();
        StringBuilder marks = new StringBuilder();
        int at = index;
        int end = index;
        while (digits.size() < MAX_GROUPS) {
            boolean bracket = tokens.is(at, '(');
            int number = bracket ? at + 1 : at;
            if (!tokens.number(number)
                    || tokens.length(number) > 19
                    || bracket && !tokens.is(number + 1, ')')) {
                break;
            }
            digits.add(Quantity.ascii(tokens.text(number)));
            end = bracket ? number + 2 : number + 1;
            boolean space = tokens.space(end) && tokens.length(end) == 1;
            // 030/123456: an area's code in German
            boolean area =
                    tokens.is(end, '/')
                            && digits.size() == 1
                            && digits.getFirst().startsWith("0")
                            && digits.getFirst().length() >= 3
                            && tokens.length(end + 1) >= 4;
            boolean mark = tokens.in(end, "-.–") || area;
            int next = space || mark ? end + 1 : end;
            if (mark && tokens.space(next)) {
                break;
            }
            if (!tokens.number(next) && !tokens.is(next, '(')
                    || next == end && !bracket && !tokens.is(next, '(')) {
                break;
            }
            marks.append(space ? ' ' : mark ? tokens.text(end).charAt(0) : ' ');
            at = next;
        }
        return digits.isEmpty() ? null : new Groups(digits, marks.toString(), end);
    }

    private static boolean called(Tokens tokens, int index, Groups groups, boolean bracket) {
        boolean call = Context.wordNear(tokens, index, 4, CALLS);
        String firstGroup = groups.digits.getFirst();
        int count = groups.digits.size();
        boolean evenMarks = groups.marks.chars().distinct().count() <= 1;
        // ISBN 978-3-16-148410-0
        if (count > 1 && IDENTIFIERS.contains(Context.wordBefore(tokens, index))) {
            return true;
        }
        // 1-800-FLOWERS
        if (groups.sizes(1, 3) && tokens.is(groups.next, '-') && tokens.capitals(groups.next + 1)) {
            return true;
        }
        if (bracket) {
            return count >= 2 && groups.total() >= 7 && groups.total() <= 12;
        }
        if (count == 1) {
            return single(tokens, index, firstGroup, call);
        }
        if (groups.sizes(3, 4)) {
            return groups.marks.equals("-") && (call || !roundRange(groups.digits));
        }
        if (groups.sizes(3, 3, 4)
                || groups.sizes(1, 3, 3, 4)
                || groups.sizes(4, 4, 4, 4)
                || groups.sizes(4, 6, 5)) {
            return evenMarks || groups.marks.length() == 3;
        }
        // 0 800 123 456 in France, 333 1234567 in Italy
        if (groups.sizes(1, 3, 3, 3) && firstGroup.equals("0")
                || groups.sizes(3, 7) && groups.marks.equals(" ")) {
            return true;
        }
        if (groups.sizes(3, 2, 4)) {
            return groups.marks.equals("--");
        }
        if (groups.sizes(5, 4)) {
            return groups.marks.equals("-");
        }
        // 01.42.68.53.00
        if (groups.sizes(2, 2, 2, 2, 2) && firstGroup.charAt(0) == '0' && evenMarks) {
            return true;
        }
        boolean leadingZero = firstGroup.charAt(0) == '0' && firstGroup.length() >= 2;
        return (leadingZero || call)
                && groups.marks.indexOf(".") < 0
                && groups.total() >= (call ? 6 : 8)
                && groups.total() <= 15;
    }

    private static boolean single(Tokens tokens, int index, String digits, boolean call) {
        if (digits.length() == 16 || digits.charAt(0) == '0' && digits.length() >= 9) {
            return true;
        }
        // C.P. 28013
        int stop = tokens.backOverSpace(index - 1);
        boolean postal =
                tokens.is(stop, '.') && tokens.is(stop - 1, "P") && tokens.is(stop - 3, "C");
        if (postal && digits.length() == 5) {
            return true;
        }
        if (Context.wordNear(tokens, index, 3, CODES) && digits.length() >= 4) {
            return !tokens.in(index - 1, "$€£#");
        }
        if (call && (digits.length() == 3 || digits.length() >= 7)) {
            return true;
        }
        String word = Context.wordBefore(tokens, index);
        boolean counts = Context.nounBehind(tokens, index + 1); // to 40000 people
        if (digits.length() >= 6
                && !counts
                && Context.wordNear(tokens, index, 3, ACCOUNTS)
                && (NUMBER_WORDS.contains(word) || tokens.is(index - 1, '#'))) {
            return true;
        }
        // text STOP to 40404
        boolean shortCode = digits.length() == 5 || digits.length() == 6;
        if (shortCode
                && !counts
                && word.equals("to")
                && Context.wordNear(tokens, index, 5, TEXTING)) {
            return true;
        }
        // a state and its post code: CA 90210
        int state = tokens.backOverSpace(index - 1);
        return digits.length() == 5
                && state < index - 1
                && tokens.capitals(state)
                && tokens.length(state) == 2
                && STATES.contains(tokens.text(state));
    }

    /** {@code 500-1000} people: both ends are round. */
    private static boolean roundRange(List<String> ends) {
        int from = Integer.parseInt(ends.getFirst());
        int to = Integer.parseInt(ends.getLast());
        return to > from && to % 50 == 0 && ends.getLast().charAt(0) != '0' || from % 100 == 0;
    }

    private static final Set<String> STATES =
            Set.of(
                    ("AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT"
                                    + " NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA"
                                    + " WA WV WI WY DC")
                            .split(" "));
}
