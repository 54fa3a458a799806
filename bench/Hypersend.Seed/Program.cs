using System.Diagnostics;
using System.Globalization;
using Hypersend.Sdk;
using Hypersend.Sdk.Accounts;
using Hypersend.Seed;

// make seed ARGS="http://localhost:8000 --password=..."
// Fastest with RATE_LIMITS=off; a server that limits frames is not hurried, and then it takes half a minute.
var address = new Uri(args.FirstOrDefault(arg => !arg.StartsWith("--", StringComparison.Ordinal)) ?? "http://localhost:8000");
var password = args.FirstOrDefault(arg => arg.StartsWith("--password=", StringComparison.Ordinal))?["--password=".Length..];
if (password is null && !address.IsLoopback)
{
    Console.Error.WriteLine("The password that seeding uses by itself is known to everybody. For a server that is not on this machine choose one: --password=...");
    return 2;
}

password ??= "two people and a boat";
try
{
    var began = Stopwatch.GetTimestamp();
    using var ana = await Guest.ArriveAsync(address, "ana", "Ana Lobato", password);
    using var ben = await Guest.ArriveAsync(address, "ben", "Ben Okafor", password);
    var said = await new Neighbourhood(ana, ben).TalkAsync();
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{said:#,0} messages in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s. Sign in at {address} as ana or ben, password: {password}"));
    return 0;
}
catch (ConfirmationNeededException)
{
    Console.Error.WriteLine("This server wants every mail address confirmed; seed one that does not (CONFIRM_MAIL=off).");
}
catch (HypersendException refused)
{
    Console.Error.WriteLine($"{refused.Message} {refused.Hint}");
}
catch (HttpRequestException unreachable)
{
    Console.Error.WriteLine($"There is no server at {address} ({unreachable.Message}). Start one with make run.");
}

return 1;
