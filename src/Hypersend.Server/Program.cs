using Hypersend.Server;
using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Start;

try
{
    await using var app = await HypersendHost.StartAsync(args);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception exception) when (exception is WrongSettingsException or SecretRefusedException or PreparationException)
{
    Console.Error.WriteLine("Hypersend cannot start:");
    Console.Error.WriteLine(exception.Message);
    return 2;
}
