# Made from the commands in src/cli/ by `npm run generate`. Do not edit.
_thermal_provision() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W 'provision status reset explain simulator station demo help --help --version' -- "$current")
    return
  fi
  case "${COMP_WORDS[1]} $previous" in
    "provision --directory" | "provision -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "provision --ca-file") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "provision --server-name") :; return ;;
    "provision --pinned-public-key") :; return ;;
    "provision --device-id-within") :; return ;;
    "provision --log-level") mapfile -t COMPREPLY < <(compgen -W 'silent error warn info debug' -- "$current"); return ;;
    "status --directory" | "status -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "reset --directory" | "reset -d") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    "simulator --port" | "simulator -p") :; return ;;
    "simulator --host") :; return ;;
    "simulator --strategy") mapfile -t COMPREPLY < <(compgen -W 'allow-create check-pre-provisioned x509-chain disabled' -- "$current"); return ;;
    "simulator --key") :; return ;;
    "simulator --secret") :; return ;;
    "simulator --authority") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --version-of-server") :; return ;;
    "simulator --device") :; return ;;
    "simulator --config") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --scenario") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --state") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --record") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --http") :; return ;;
    "simulator --http-host") :; return ;;
    "simulator --tls-cert") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "simulator --tls-key") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    "demo --keep") compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
  esac
  case "${COMP_WORDS[1]}" in
    provision) words='--directory --json --human --dry-run --wait --new-identity --no-body --body-replaced --require-tls --ca-file --server-name --pinned-public-key --strict-files --device-id-within --log-level --version --help' ;;
    status) words='--directory --json --is-provisioned --version --help' ;;
    reset) words='--directory --purge --yes --version --help' ;;
    explain) words='--version --help USAGE PLATFORM_UNSUPPORTED FOLDER_MISSING TRIGGER_INVALID TRIGGER_NAME_WRONG CREDENTIALS_FILE_MISSING CREDENTIALS_FILE_UNREADABLE CREDENTIALS_FILE_INVALID CONFIG_FILE_UNREADABLE CONFIG_FILE_INVALID AUTHORITIES_FILE_INVALID TLS_REQUIRED JOURNAL_UNREADABLE OTHER_BODY FOLDER_READ_ONLY PERMISSION_DENIED NO_SPACE NO_SPACE_AFTER_ANSWER FILE_BUSY FILES_NOT_KEPT FILES_NOT_PRIVATE FILE_IO LOCKED HOST_NOT_FOUND RESOLVER_SILENT CONNECTION_REFUSED NETWORK_UNREACHABLE CONNECT_TIMEOUT CONNECTION_FORBIDDEN ADDRESS_UNUSABLE LOCAL_RESOURCES_EXHAUSTED NETWORK_ERROR CONNECTION_LOST NOTHING_HEARD TLS_EXPECTED NO_ANSWER NOT_MQTT NOT_THINGSBOARD TOO_MUCH_DATA SESSION_REFUSED TLS_FAILED TLS_NOT_SPOKEN TLS_STALLED TLS_VERSION_REFUSED TLS_HANDSHAKE_REFUSED TLS_DAMAGED TLS_UNTRUSTED TLS_CHAIN_INCOMPLETE TLS_WRONG_HOST TLS_CERTIFICATE_WITHOUT_NAME TLS_CERTIFICATE_UNFIT TLS_TOO_WEAK TLS_PIN_MISMATCH TLS_CLIENT_CERTIFICATE_WANTED TLS_NAME_REFUSED TLS_NOT_YET_VALID TLS_EXPIRED PROVISION_DATA_NOT_FOUND DEVICE_REFUSED REFUSAL_UNCONFIRMED NAMES_REFUSED CREDENTIALS_TYPE_UNSUPPORTED FORMER_CREDENTIALS_REFUSED CREDENTIALS_REFUSED DEVICE_LOCKED_OUT CREDENTIALS_UNPROVEN REPLY_MALFORMED REPLY_INCOMPLETE REPLY_FOR_OTHER_DEVICE LIST_INVALID LEDGER_UNUSABLE LEDGER_KEY_WRONG LEDGER_REFUSED LEDGER_AWAY LEASE_LOST API_KEY_UNUSABLE API_KEY_REFUSED API_REFUSED API_UNUSABLE RATE_LIMITED DEVICE_CONFLICT DEVICE_LIMIT_REACHED INTERRUPTED TERMINATED INTERNAL PLAIN_TEXT PLAIN_TEXT_ON_TLS_PORT TLS_NAMED_BY_COMMON_NAME SHORT_TIMEOUT NO_DEVICE_ID NO_DEVICE_NAME DEVICE_ID_INVALID TOKEN_NOT_BASE64 LOGIN_WITHOUT_SECRET NAME_UNCERTAIN CREDENTIALS_REPLACED TRIGGER_MISNAMED DEVICE_LEFT_BEHIND INTENT_SET_ASIDE JOURNAL_RECORD_DAMAGED CREDENTIALS_FILE_READABLE CONFIG_READABLE NO_LOCK STATUS_NOT_WRITTEN LISTENER_FAILED CLOCK_NOT_SET OTHER_CREDENTIALS TIDYING_INCOMPLETE 0 64 70 73 74 75 77 78 130 143' ;;
    simulator) words='--port --host --strategy --key --secret --authority --version-of-server --device --config --scenario --list-scenarios --state --record --http --http-host --tls-cert --tls-key --json --show-secrets --version --help' ;;
    station) words='--version --help' ;;
    demo) words='--keep --version --help' ;;
    help) words='provision status reset explain simulator station demo exit-statuses files environment' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _thermal_provision thermal-provision
