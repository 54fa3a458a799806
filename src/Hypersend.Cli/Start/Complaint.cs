using System.Net.WebSockets;
using System.Text.Json;
using Hypersend.Contracts.Errors;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;
using Hypersend.Sdk.Realtime;
using Hypersend.Sdk.Transfers;

namespace Hypersend.Cli.Start;

/// <summary>What is said about something that went wrong, and the exit code that goes with it. Without a sentence nothing is said.</summary>
internal sealed record Complaint(int Code, string? Sentence)
{
    private const int NoSpaceLeft = 28;
    private const int BrokenPipe = 32;
    private const int QuotaExceeded = 122;

    public static Complaint About(Exception exception, Workplace place, CancellationToken cancellation) => exception switch
    {
        StopException stop => new(stop.Code, stop.Message),
        _ when cancellation.IsCancellationRequested => new(ExitCodes.Interrupted, null),
        HypersendException refused => OfRefusal(refused, place),
        LiveEndedException { Ending: LiveEnding.NotAuthenticated } => NotSignedIn(),
        LiveEndedException { Ending: LiveEnding.Forbidden } => new(ExitCodes.NotThere, "The server does not let this account use the live connection."),
        HttpRequestException unreachable => OfNetwork(unreachable, place),
        WebSocketException or ConnectionLostException => Away(place, "ended the connection before it answered"),
        OperationCanceledException { InnerException: TimeoutException } => Away(place, "did not answer in time"),
        OperationCanceledException => new(ExitCodes.Interrupted, null),
        UnauthorizedAccessException => new(ExitCodes.Failed, exception.Message + " Check who owns it and its mode."),
        DiskException { InnerException.HResult: BrokenPipe } => new(ExitCodes.NobodyReads, null),
        DiskException disk => new(disk.IsFull ? ExitCodes.NoRoom : ExitCodes.Failed, disk.Message),
        FileGoneException => new(ExitCodes.NotThere, exception.Message),
        SourceChangedException or InvalidDataException or TransferEndedException => new(ExitCodes.Failed, exception.Message),
        IOException { HResult: BrokenPipe } => new(ExitCodes.NobodyReads, null),
        IOException { HResult: NoSpaceLeft or QuotaExceeded } => new(ExitCodes.NoRoom, "There is no room left on the disk: " + exception.Message),
        IOException => new(ExitCodes.Failed, exception.Message),
        JsonException => new(ExitCodes.Failed, $"The answer of {Name(place)} cannot be read: it may be of another version than this program."),
        _ => new(ExitCodes.Failed, $"this is a fault of the program, please report it: {exception}"),
    };

    private static Complaint OfRefusal(HypersendException refused, Workplace place) => refused switch
    {
        { Code: HypersendException.ForeignAnswer, Status: >= 300 and < 400 } =>
            new(ExitCodes.ServerAway, $"{Name(place)} sends us elsewhere ({refused.Status}): sign in at the address it really has, often with https://."),
        { Code: HypersendException.ForeignAnswer, Status: >= 500 } => Away(place, $"cannot be reached behind its proxy ({refused.Status})"),
        { Code: HypersendException.ForeignAnswer } =>
            new(ExitCodes.ServerAway, $"What answers at {Name(place)} is no Hypersend server, or a proxy stands in between ({refused.Status}): check the address."),
        { Code: ErrorCodes.InvalidCredentials or ErrorCodes.InvalidTotp or ErrorCodes.TotpRequired or ErrorCodes.AccountDisabled or ErrorCodes.TooManyFailures } =>
            new(ExitCodes.NotSignedIn, Told(refused)),
        { Status: 401 } => NotSignedIn(),
        { Code: ErrorCodes.QuotaExceeded or ErrorCodes.InsufficientStorage or ErrorCodes.StorageFull } => new(ExitCodes.NoRoom, Told(refused)),
        { Status: 403 or 404 or 410 } => new(ExitCodes.NotThere, Told(refused)),
        { Status: 429 or >= 500 } => new(ExitCodes.ServerAway, Told(refused)),
        _ => new(ExitCodes.Failed, Told(refused)),
    };

    private static Complaint OfNetwork(HttpRequestException unreachable, Workplace place) => unreachable.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Away(place, "has no address: the name is not known, or there is no network"),
        HttpRequestError.SecureConnectionError => new(
            ExitCodes.ServerAway,
            $"{Name(place)} has no certificate that this machine trusts ({Deepest(unreachable)}). Check the address; for a certificate of your own set SSL_CERT_FILE."),
        HttpRequestError.ConnectionError => Away(place, $"does not answer ({Deepest(unreachable)})"),
        _ => Away(place, $"broke off ({Deepest(unreachable)})"),
    };

    private static Complaint Away(Workplace place, string what) => new(ExitCodes.ServerAway, $"{Name(place)} {what}. Check the address and the network, and try again.");

    private static Complaint NotSignedIn() => new(ExitCodes.NotSignedIn, "You are not signed in there any more: run \"hypersend login\".");

    private static string Name(Workplace place) => place.Server is { } server ? server.GetLeftPart(UriPartial.Authority) : "the server";

    private static string Told(HypersendException refused)
    {
        var wrong = refused.Problem.Errors is { } errors ? " " + string.Join("; ", errors.SelectMany(field => field.Value.Select(what => $"{field.Key} {what}"))) + "." : "";
        var wait = refused.RetryAfter is { } time ? $" Try again in {Math.Max(1, (int)time.TotalSeconds)} s." : "";
        return $"{refused.Problem.Detail.TrimEnd('.')}.{wrong} {refused.Hint}{wait}".TrimEnd();
    }

    private static string Deepest(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception.Message.TrimEnd('.');
    }
}
