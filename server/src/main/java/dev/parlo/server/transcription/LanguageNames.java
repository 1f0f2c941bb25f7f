package dev.parlo.server.transcription;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The languages of Whisper by every name that clients use: Whisper's own code and name, the aliases
 * of openai-whisper, today's codes where Whisper has old ones, and the three letters of ISO 639-2
 * and 639-3. Immutable.
 */
public final class LanguageNames {
    /** A line a language: Whisper's code; names, separated by commas; other codes. */
    private static final String TABLE =
            """
            en; english; eng
            zh; chinese,mandarin; zho chi cmn
            de; german; deu ger
            es; spanish,castilian; spa
            ru; russian; rus
            ko; korean; kor
            fr; french; fra fre
            ja; japanese; jpn
            pt; portuguese; por
            tr; turkish; tur
            pl; polish; pol
            ca; catalan,valencian; cat
            nl; dutch,flemish; nld dut
            ar; arabic; ara arb
            sv; swedish; swe
            it; italian; ita
            id; indonesian; ind in
            hi; hindi; hin
            fi; finnish; fin
            vi; vietnamese; vie
            he; hebrew; heb iw
            uk; ukrainian; ukr
            el; greek; ell gre
            ms; malay; msa may zsm
            cs; czech; ces cze
            ro; romanian,moldavian,moldovan; ron rum mo
            da; danish; dan
            hu; hungarian; hun
            ta; tamil; tam
            no; norwegian,bokmål,bokmal; nor nob nb
            th; thai; tha
            ur; urdu; urd
            hr; croatian; hrv
            bg; bulgarian; bul
            lt; lithuanian; lit
            la; latin; lat
            mi; maori,māori; mri mao
            ml; malayalam; mal
            cy; welsh; cym wel
            sk; slovak; slk slo
            te; telugu; tel
            fa; persian,farsi; fas per pes
            lv; latvian; lav lvs
            bn; bengali,bangla; ben
            sr; serbian; srp
            az; azerbaijani; aze azj
            sl; slovenian; slv
            kn; kannada; kan
            et; estonian; est ekk
            mk; macedonian; mkd mac
            br; breton; bre
            eu; basque; eus baq
            is; icelandic; isl ice
            hy; armenian; hye arm
            ne; nepali; nep npi
            mn; mongolian; mon khk
            bs; bosnian; bos
            kk; kazakh; kaz
            sq; albanian; sqi alb
            sw; swahili; swa swh
            gl; galician; glg
            mr; marathi; mar
            pa; punjabi,panjabi; pan
            si; sinhala,sinhalese; sin
            km; khmer; khm
            sn; shona; sna
            yo; yoruba; yor
            so; somali; som
            af; afrikaans; afr
            oc; occitan; oci
            ka; georgian; kat geo
            be; belarusian; bel
            tg; tajik; tgk
            sd; sindhi; snd
            gu; gujarati; guj
            am; amharic; amh
            yi; yiddish; yid ydd ji
            lo; lao; lao
            uz; uzbek; uzb uzn
            fo; faroese; fao
            ht; haitian creole,haitian; hat
            ps; pashto,pushto; pus pbt
            tk; turkmen; tuk
            nn; nynorsk,norwegian nynorsk; nno
            mt; maltese; mlt
            sa; sanskrit; san
            lb; luxembourgish,letzeburgesch; ltz
            my; myanmar,burmese; mya bur
            bo; tibetan; bod tib
            tl; tagalog,filipino; tgl fil
            mg; malagasy; mlg plt
            as; assamese; asm
            tt; tatar; tat
            haw; hawaiian;
            ln; lingala; lin
            ha; hausa; hau
            ba; bashkir; bak
            jw; javanese; jav jv
            su; sundanese,sunda; sun
            yue; cantonese;
            """;

    private static final Map<String, String> CODES = read();
    private static final Map<String, String> NAMES = names();
    private static final Map<String, String> LONG_CODES = longCodes();

    private LanguageNames() {}

    private static Map<String, String> read() {
        Map<String, String> codes = new HashMap<>();
        for (String line : TABLE.split("\n", -1)) {
            if (line.isBlank()) {
                continue;
            }
            String[] parts = line.split(";", -1);
            String code = parts[0].strip();
            codes.put(code, code);
            for (String name : parts[1].split(",", -1)) {
                codes.put(name.strip(), code);
            }
            for (String other : parts[2].strip().split(" ", -1)) {
                codes.put(other, code);
            }
        }
        codes.remove("");
        return Collections.unmodifiableMap(codes);
    }

    private static Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        for (String line : TABLE.split("\n", -1)) {
            if (!line.isBlank()) {
                String[] parts = line.split(";", -1);
                names.put(parts[0].strip(), parts[1].split(",", -1)[0].strip());
            }
        }
        return Collections.unmodifiableMap(names);
    }

    private static Map<String, String> longCodes() {
        Map<String, String> codes = new HashMap<>();
        for (String line : TABLE.split("\n", -1)) {
            if (!line.isBlank()) {
                String[] parts = line.split(";", -1);
                String first = parts[2].strip().split(" ", -1)[0];
                if (first.length() == 3) {
                    codes.put(parts[0].strip(), first);
                }
            }
        }
        return Collections.unmodifiableMap(codes);
    }

    /** Whisper's English name of one of its codes, in small letters; the code where it has none. */
    public static String name(String code) {
        return NAMES.getOrDefault(code, code);
    }

    /** The code of three letters of one of Whisper's codes (ISO 639-3); the code without one. */
    public static String threeLetters(String code) {
        return LONG_CODES.getOrDefault(code, code);
    }

    /**
     * Whisper's code of a language.
     *
     * @param name a code with or without a region or script, or a name in English; in any case
     * @return null where Whisper has no such language
     */
    public static @Nullable String code(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        String whole = CODES.get(plain);
        return whole != null ? whole : CODES.get(plain.split("[-_]", 2)[0]);
    }

    /** All of Whisper's codes. */
    public static List<String> codes() {
        return CODES.values().stream().distinct().sorted().toList();
    }
}
