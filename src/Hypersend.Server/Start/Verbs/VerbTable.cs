using System.Runtime.InteropServices;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Start.Verbs.Check;
using Hypersend.Server.Start.Verbs.Users;

namespace Hypersend.Server.Start.Verbs;

/// <summary>The verbs of <c>hypersend-server</c>, in the order of the list that <c>--help</c> shows.</summary>
internal static class VerbTable
{
    public static IReadOnlyList<IVerb> All { get; } =
    [
        new CheckSite(Patience.Usual),
        new AskHealth(),
        new Migrate(),
        new ListUsers(),
        new AddUser(),
        new ResetUserPassword(),
        ChangeUser.Disable,
        ChangeUser.Enable,
        ChangeUser.MakeAdmin,
        ChangeUser.RemoveAdmin,
        new DeleteUser(),
        new RebuildSearch(),
        new Backup(),
        new Restore(),
        new Export(),
        new Import(),
    ];

    /// <summary>Settings begin with a dash, or are NAME=value; anything else is meant as a verb.</summary>
    public static bool IsMeant(string[] args) => args is [var first, ..] && !first.StartsWith('-') && !first.StartsWith('/') && !first.Contains('=');

    public static Task<int> RunAsync(string[] args) => RunAsync(args, All, new VerbCall(Console.In, Console.Out, Console.Error) { AskHidden = Terminal.AskHidden });

    public static async Task<int> RunAsync(string[] args, IReadOnlyList<IVerb> verbs, VerbCall streams)
    {
        var named = verbs.Where(verb => Words(verb).SequenceEqual(args.Take(Words(verb).Length))).MaxBy(verb => Words(verb).Length);
        if (named is null)
        {
            // Whoever typed "user" wants to see those of people, not all.
            var near = verbs.Where(verb => Words(verb)[0] == args[0]).ToList();
            return Misused(streams, $"hypersend-server has no verb {string.Join(' ', args.TakeWhile(arg => !arg.StartsWith('-')).Take(2))}.", near.Count > 0 ? near : verbs);
        }

        if (VerbLine.Read(named.Form, args[Words(named).Length..], streams, out var call) is { } complaint)
            return Misused(streams, complaint, [named]);
        return await RunAsync(named, call);
    }

    /// <summary>What each is called with and does, as lines.</summary>
    public static string List(IEnumerable<IVerb> verbs) =>
        string.Join(Environment.NewLine, verbs.Select(verb => verb.Form.Line.Length < LineWidth
            ? $"hypersend-server {verb.Form.Line.PadRight(LineWidth)}{verb.Form.Says}"
            : $"hypersend-server {verb.Form.Line}{Environment.NewLine}{new string(' ', "hypersend-server ".Length + LineWidth)}{verb.Form.Says}"));

    private const int LineWidth = 19;

    private static string[] Words(IVerb verb) => verb.Form.Words.Split(' ');

    private static int Misused(VerbCall streams, string complaint, IEnumerable<IVerb> verbs)
    {
        streams.Error.WriteLine(complaint);
        streams.Error.WriteLine();
        streams.Error.WriteLine(List(verbs));
        streams.Error.WriteLine("Settings may follow, as --NAME value. hypersend-server --help says which there are.");
        return ExitCodes.Wrong;
    }

    private static async Task<int> RunAsync(IVerb verb, VerbCall call)
    {
        using var stop = new CancellationTokenSource();
        var signalled = ExitCodes.Done;
        void Stop(PosixSignalContext context)
        {
            // A second one ends the process at once, should the verb not be able to stop.
            context.Cancel = !stop.IsCancellationRequested;
            signalled = context.Signal == PosixSignal.SIGINT ? ExitCodes.Interrupted : ExitCodes.AskedToEnd;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return await verb.RunAsync(call, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return signalled;
        }
        catch (Exception exception) when (exception is WrongSettingsException or SecretRefusedException or PreparationException)
        {
            await call.Error.WriteLineAsync(exception.Message);
            return ExitCodes.Of(exception);
        }
        catch (EngineUnavailableException exception)
        {
            await call.Error.WriteLineAsync($"A part of the server is away: {exception.InnerException?.Message ?? exception.Message}");
            return ExitCodes.Failed;
        }
    }
}
