using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Accounts;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Accounts;

public sealed class TotpTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_code_is_asked_for_taken_once_a_step_and_a_recovery_code_once_ever()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var ana = await app.SignUpAsync("ana");
        var setup = await ana.Accounts.SetUpTotpAsync();
        Assert.Equal($"otpauth://totp/Hypersend:{ana.Username}?secret={setup.Secret}&issuer=Hypersend&algorithm=SHA1&digits=6&period=30", setup.Uri);
        await SignInAsync(null);

        await ana.Accounts.EnableTotpAsync(Code("abcdef")).RefusedAsync(403, ErrorCodes.WrongCode);
        var recovery = (await ana.Accounts.EnableTotpAsync(Code(Now()))).RecoveryCodes;
        Assert.Equal(10, recovery.Distinct().Count());
        Assert.True((await ana.Accounts.GetMeAsync()).TotpEnabled);

        await SignInAsync(null).RefusedAsync(401, ErrorCodes.TotpRequired);
        await SignInAsync("000000").RefusedAsync(401, ErrorCodes.InvalidTotp);
        await SignInAsync(Now()).RefusedAsync(401, ErrorCodes.InvalidTotp);
        clock.Advance(Step);
        await SignInAsync(Now());
        await SignInAsync(Now()).RefusedAsync(401, ErrorCodes.InvalidTotp);
        clock.Advance(Step);
        await SignInAsync(Now().Insert(3, " "));

        await SignInAsync(recovery[0].ToUpperInvariant());
        await SignInAsync(recovery[0]).RefusedAsync(401, ErrorCodes.InvalidTotp);
        await SignInAsync(recovery[1].Replace("-", "", StringComparison.Ordinal));

        Task<SignedIn> SignInAsync(string? totp) =>
            app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = ana.Username, Password = ana.Password, Totp = totp });
        string Now() => Totp.CodeAt(setup.Secret, clock.GetUtcNow());
    }

    [Fact]
    public async Task Of_parallel_logins_with_one_code_one_comes_in()
    {
        var clock = new ManualClock();
        await using var app = await App.StartAsync(clock);
        var (ana, secret, _) = await WithTotpAsync(app);
        clock.Advance(Step);
        var request = new LoginRequest { Login = ana.Username, Password = ana.Password, Totp = Totp.CodeAt(secret, clock.GetUtcNow()) };

        var codes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                await app.Anonymous().Accounts.LoginAsync(request);
                return "in";
            }
            catch (Hypersend.Sdk.HypersendException refusal)
            {
                return refusal.Code;
            }
        }));

        Assert.Single(codes, "in");
        Assert.Equal(5, codes.Count(code => code == ErrorCodes.InvalidTotp));
    }

    [Fact]
    public async Task Nobody_is_told_of_the_second_step_without_the_password()
    {
        await using var app = await App.StartAsync();
        var (ana, _, recovery) = await WithTotpAsync(app);

        await app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = ana.Username, Password = "wrong horse battery" })
            .RefusedAsync(401, ErrorCodes.InvalidCredentials);
        await app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = ana.Username, Password = "wrong horse battery", Totp = recovery[0] })
            .RefusedAsync(401, ErrorCodes.InvalidCredentials);
        await app.Anonymous().Accounts.LoginAsync(new LoginRequest { Login = ana.Username, Password = ana.Password, Totp = recovery[0] });
    }

    [Fact]
    public async Task Switching_it_off_needs_a_code_and_lets_in_without_one()
    {
        await using var app = await App.StartAsync();
        var (ana, secret, recovery) = await WithTotpAsync(app);

        await ana.Accounts.SetUpTotpAsync().RefusedAsync(409, ErrorCodes.TotpAlreadyEnabled);
        await ana.Accounts.EnableTotpAsync(Code("123456")).RefusedAsync(409, ErrorCodes.TotpAlreadyEnabled);
        await ana.Accounts.DisableTotpAsync(Code("000000")).RefusedAsync(403, ErrorCodes.WrongCode);
        await ana.Accounts.DisableTotpAsync(Code(recovery[0]));

        await app.SignInAsync(ana);
        Assert.False((await ana.Accounts.GetMeAsync()).TotpEnabled);
        await ana.Accounts.DisableTotpAsync(Code(recovery[1])).RefusedAsync(409, ErrorCodes.TotpNotSetUp);
        await ana.Accounts.EnableTotpAsync(Code("123456")).RefusedAsync(409, ErrorCodes.TotpNotSetUp);
        Assert.NotEqual(secret, (await ana.Accounts.SetUpTotpAsync()).Secret);
    }

    private static TotpCodeRequest Code(string code) => new() { Code = code };

    private static async Task<(Person Person, string Secret, IReadOnlyList<string> Recovery)> WithTotpAsync(App app)
    {
        var person = await app.SignUpAsync("careful");
        var setup = await person.Accounts.SetUpTotpAsync();
        var now = (app.Clock ?? TimeProvider.System).GetUtcNow();
        var codes = await person.Accounts.EnableTotpAsync(Code(Totp.CodeAt(setup.Secret, now)));
        return (person, setup.Secret, codes.RecoveryCodes);
    }
}
