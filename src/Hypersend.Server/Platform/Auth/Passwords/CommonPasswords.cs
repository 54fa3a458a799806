namespace Hypersend.Server.Platform.Auth.Passwords;

/// <summary>The passwords that every guessing list begins with, as far as our shortest length lets them in.</summary>
internal static class CommonPasswords
{
    private const string List = """
        password password1 password12 password123 password1234 password12345 password! password1! password123! password@123 passw0rd
        passw0rd1 passw0rd! p@ssw0rd p@ssw0rd1 p@ssword p@ssword1 p@55w0rd pa$$word pa$$w0rd pa55word passwort passwort1 motdepasse
        contraseña contrasena senha123 parola123 wachtwoord 12345678 123456789 1234567890 12345678910 123456789a 1234567891 123123123
        12341234 1234abcd 12344321 87654321 987654321 9876543210 0987654321 01234567 0123456789 012345678 11223344 1122334455 123321123
        123454321 112233445566 147258369 147852369 159753456 789456123 741852963 963852741 456456456 321321321 123654789 12121212
        13131313 10101010 11112222 19841984 20002000 20202020 12345qwert 12345678a 1234567a 1234567q a1234567 a12345678 a123456789
        abc12345 abc123456 abc123abc abcd1234 abcd12345 abcde12345 abcdefgh abcdefg1 abcdefghi abcdef123 aa123456 aa12345678 aaa12345
        asd12345 asdf1234 asdfasdf asdfghjk asdfghjkl asdfghjkl; asdasdasd asdqwe123 asdf;lkj qwertyui qwertyuiop qwertyuio qwerty12
        qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty123! qwertyqwerty qwer1234 qwer12345 qwerasdf qweasdzxc qweqweqwe qwe123qwe
        qwe12345 qweasd123 qwertz123 qwertzui qwertzuiop azertyuiop azerty123 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 1q2w3e4r 1q2w3e4r5t
        1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 !qaz2wsx zaq12wsx zaq1zaq1 zaq1xsw2 qazwsxedc qazwsx123 qazwsxedcrfv zxcvbnm1
        zxcvbnm, zxcvbnm123 zxcvbnm123456 zxcvasdf zxczxczxc iloveyou iloveyou1 iloveyou2 iloveyou12 iloveyou123 iloveyou! ilovegod
        ilovejesus ihateyou lovelove loveyou1 loveme123 sweetheart princess princess1 princess12 princess123 sunshine sunshine1
        sunshine123 football football1 football123 baseball baseball1 basketball superman superman1 batman123 spiderman pokemon1
        pokemon123 starwars starwars1 michelle michelle1 jennifer jennifer1 jessica1 jonathan nicholas samantha victoria alexander
        alexander1 benjamin charlie1 charlie123 danielle elizabeth margaret patricia christian christopher stephanie veronica computer
        computer1 internet internet1 whatever whatever1 trustno1 trustno1! corvette mercedes mustang1 midnight monkey123 monkey12
        dragon123 dragon12 shadow123 master123 welcome1 welcome12 welcome123 welcome1! welcome123! welcome@123 letmein1 letmein12
        letmein123 letmein! admin123 admin1234 admin12345 admin123456 admin123! admin@123 adminadmin administrator administrator1
        administrador root1234 rootroot toortoor guest123 guest1234 user1234 test1234 test12345 test123456 testtest testing1 testing123
        tester123 default1 changeme changeme1 changeme123 changeit secret123 secretsecret mypassword mypassword1 newpassword
        temppassword temp1234 login123 access14 master12 hello123 hello1234 hellohello helloworld google123 facebook facebook1 linkedin1
        liverpool liverpool1 manchester arsenal1 chelsea1 barcelona realmadrid juventus hypersend hypersend1 hypersend123 babygirl
        babygirl1 beautiful beautiful1 butterfly butterfly1 chocolate chocolate1 cheese123 blink182 slipknot metallica nirvana1 greenday
        godzilla hardcore marlboro blahblah bullshit fuckyou1 fuckyou2 fuckyou123 pussy123 asshole1 cocacola scorpion snowball softball
        steelers swordfish thunder1 tigger12 yankees1 hunter12 jordan23 killer123 lakers24 mickey12 minecraft naruto123 ncc1701d
        november december september summer2023 summer2024 summer2025 winter2023 winter2024 winter2025 spring2024 spring2025 autumn2024
        summer123 winter123 company1 company123 corona2020 covid2019 freedom1 friends1 happy123 heather1 jesus123 jesuschrist blessed1
        pakistan indonesia bismillah india123 krishna1 krishna123 sairam123 woaini1314 woaini520 5201314a 1314520a a1b2c3d4 a1b2c3d4e5
        1a2b3c4d 1a2b3c4d5e aaaa1111 aaaaaaa1 zzzzzzz1 xxxxxxx1 1111111a 1234qwer 1234asdf 123qwe123 123qweasd 123qweasdzxc 123abc123
        123456abc 123456qwerty 123456aa 1234567890a 123456789q 123456789z
        """;

    private static readonly HashSet<string> Set = new(List.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string password) => Set.Contains(password);
}
