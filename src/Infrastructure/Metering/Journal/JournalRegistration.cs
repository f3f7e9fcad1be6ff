using AiPlatform.Infrastructure.Metering.Journal.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Metering.Journal;

internal static class JournalRegistration
{
    /// <summary>Adds the journal. Somebody else starts it.</summary>
    public static void AddJournal(this IServiceCollection services)
    {
        services.AddLedgerStores();
        services.AddSingleton<BatchWrites>();
        services.AddSingleton<AuditChainWriter>();
        services.AddSingleton<KnownAccounts>();
        services.AddSingleton<JournalMemory>();
        services.AddSingleton<JournalQueue>();
        services.AddSingleton<JournalWriter>();
        services.AddSingleton<Outage>();
        services.AddSingleton<LockedCommits>();
        services.AddSingleton<CommitThread>();
        services.AddSingleton<ForwardDecisions>();
        services.AddSingleton<JournalThread>();
        services.AddSingleton<LedgerJournal>();
    }
}
