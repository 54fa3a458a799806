using System.Net;
using System.Xml;
using Amazon.Runtime;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Engines.Blobs.S3;

/// <summary>What a failed call to the server means to whoever asked. Addresses are never part of it: they are signed.</summary>
internal static class S3Errors
{
    private const int LongestRefusal = 1024;

    public static Exception Translate(Exception exception, CancellationToken caller) => exception switch
    {
        OperationCanceledException when caller.IsCancellationRequested => exception,
        OperationCanceledException or HttpRequestException or IOException or TimeoutException
            or AmazonServiceException or AmazonClientException or XmlException or WebException => new EngineUnavailableException("storage", exception),
        _ => exception,
    };

    /// <summary>Runs a call; what goes wrong is translated, except what the caller asks for by its type.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken caller)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not (FileNotFoundException or StorageFullException or EngineUnavailableException))
        {
            if (Translate(exception, caller) is var translated && translated != exception)
                throw translated;
            throw;
        }
    }

    public static Task GuardAsync(Func<Task> call, CancellationToken caller) => GuardAsync(
        async () =>
        {
            await call();
            return true;
        },
        caller);

    public static async Task ThrowIfRefusedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode)
            return;
        var refusal = new HttpRequestException(
            $"The storage answered {(int)answer.StatusCode} {await CodeAsync(answer, cancellation)}", null, answer.StatusCode);
        throw answer.StatusCode == HttpStatusCode.InsufficientStorage ? new StorageFullException(refusal) : refusal;
    }

    /// <summary>The word in the answer's body that says what is wrong: AccessDenied, NoSuchBucket, RequestTimeTooSkewed.</summary>
    private static async Task<string> CodeAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var buffer = new byte[LongestRefusal];
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        var text = System.Text.Encoding.UTF8.GetString(buffer, 0, length);
        var from = text.IndexOf("<Code>", StringComparison.Ordinal);
        var to = text.IndexOf("</Code>", StringComparison.Ordinal);
        return from >= 0 && to > from ? text[(from + "<Code>".Length)..to] : "without a reason";
    }
}
