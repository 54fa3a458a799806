using Hypersend.Server;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Start;
using Hypersend.Server.Start.Verbs;

if (Usage.For(args) is { } answer)
{
    Console.WriteLine(answer);
    return ExitCodes.Done;
}

if (VerbTable.IsMeant(args))
    return await VerbTable.RunAsync(args);
try
{
    await using var app = await HypersendHost.StartAsync(args);
    await app.WaitForShutdownAsync();
    return ExitCodes.Done;
}
catch (Exception exception) when (exception is WrongSettingsException or SecretRefusedException or PreparationException)
{
    Console.Error.WriteLine("Hypersend cannot start:");
    Console.Error.WriteLine(exception.Message);
    return ExitCodes.Of(exception);
}
