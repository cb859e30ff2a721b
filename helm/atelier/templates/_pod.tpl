{{/* What services and jobs have in common. Called with root, component, and spec: a service or a job over its defaults. */}}

{{/* "true" where a certificate is needed: by what serves or calls the mesh. Jobs that do neither, and the topology's, have none. */}}
{{- define "atelier.usesTls" -}}
{{- if and .root.Values.mtls.enabled (or (hasKey .spec "port") .spec.calls) -}}true{{- end -}}
{{- end }}

{{- define "atelier.env" -}}
{{- $root := .root -}}
{{- $services := fromYaml (include "atelier.services" $root) -}}
- { name: ATELIER_LOG_LEVEL, value: {{ $root.Values.telemetry.logLevel }} }
- { name: ATELIER_TRACE_RATIO, value: {{ $root.Values.telemetry.traceRatio | quote }} }
{{- with $root.Values.telemetry.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
- { name: NODE_COMPILE_CACHE, value: /tmp/node-compile }
{{- if include "atelier.usesTls" . }}
- { name: ATELIER_TLS_CERTIFICATE_FILE, value: /var/run/atelier/tls/tls.crt }
- { name: ATELIER_TLS_PRIVATE_KEY_FILE, value: /var/run/atelier/tls/tls.key }
- { name: ATELIER_TLS_CA_FILE, value: /var/run/atelier/tls/ca.crt }
{{- end }}
{{- if .spec.nats }}
- { name: NATS_URL, value: {{ include "atelier.natsUrl" $root | quote }} }
{{- if $root.Values.nats.authSecretName }}
- { name: NATS_SEED_FILE, value: /var/run/atelier/nats/seed }
{{- end }}
- { name: ATELIER_NATS_REPLICAS, value: {{ $root.Values.nats.replicas | quote }} }
{{- end }}
{{- if and .spec.models (ne $root.Values.models.source "image") }}
- { name: ATELIER_MODEL_BUNDLE, value: {{ printf "%s/%s" $root.Values.models.mountPath $root.Values.models.bundle | trimSuffix "/" | quote }} }
{{- end }}
{{- range .spec.calls }}
{{- $callee := get $services . | required (printf "%s calls %s, which is not enabled" $.component .) }}
- name: ATELIER_{{ . | upper | replace "-" "_" }}_ADDRESS
  value: dns:///{{ include "atelier.name" (dict "root" $root "component" .) }}:{{ $callee.port }}
{{- end }}
{{- if .spec.gpu.enabled }}
- { name: ATELIER_INFERENCE_PROVIDERS, value: "cuda,cpu" }
{{- end }}
{{- if and (get .spec "apiKeys") $root.Values.apiKeys.secretName }}
- { name: ATELIER_API_KEYS_FILE, value: /var/run/atelier/api-keys/{{ $root.Values.apiKeys.keysKey }} }
{{- with $root.Values.apiKeys.limitsKey }}
- { name: ATELIER_TENANT_LIMITS_FILE, value: /var/run/atelier/api-keys/{{ . }} }
{{- end }}
{{- end }}
{{- if and (eq .component "orchestrator") $root.Values.contentCredentials.secretName }}
- { name: ATELIER_CREDENTIALS_CERTIFICATE_FILE, value: /var/run/atelier/content-credentials/tls.crt }
- { name: ATELIER_CREDENTIALS_PRIVATE_KEY_FILE, value: /var/run/atelier/content-credentials/tls.key }
{{- end }}
{{- range $name, $value := .spec.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- define "atelier.volumes" -}}
{{- $root := .root -}}
- name: tmp
  emptyDir: { sizeLimit: 1Gi }
{{- if .spec.models }}
{{- with $root.Values.models }}
{{- if eq .source "pvc" }}
- name: models
  persistentVolumeClaim: { claimName: {{ required "models.pvc.claimName is needed when models.source is pvc" .pvc.claimName }}, readOnly: true }
{{- else if eq .source "init" }}
- name: models
  emptyDir: { sizeLimit: {{ .init.sizeLimit }} }
{{- else if eq .source "oci" }}
- name: models
  image: { reference: {{ required "models.oci.reference is needed when models.source is oci" .oci.reference | quote }}, pullPolicy: {{ .oci.pullPolicy }} }
{{- end }}
{{- end }}
{{- end }}
{{- if include "atelier.usesTls" . }}
- name: tls
  secret:
    secretName: {{ default (print (include "atelier.name" .) "-tls") (get $root.Values.mtls.secretNames .component) }}
    defaultMode: 0440
{{- end }}
{{- if and .spec.nats $root.Values.nats.authSecretName }}
- name: nats-auth
  secret:
    secretName: {{ $root.Values.nats.authSecretName }}
    defaultMode: 0440
    items: [{ key: {{ include "atelier.natsUser" . }}.seed, path: seed }] # its own and nobody else's
{{- end }}
{{- if and (get .spec "apiKeys") $root.Values.apiKeys.secretName }}
- name: api-keys
  secret: { secretName: {{ $root.Values.apiKeys.secretName }}, defaultMode: 0440 }
{{- end }}
{{- if and (eq .component "orchestrator") $root.Values.contentCredentials.secretName }}
- name: content-credentials
  secret: { secretName: {{ $root.Values.contentCredentials.secretName }}, defaultMode: 0440 }
{{- end }}
{{- end }}

{{- define "atelier.mounts" -}}
{{- $root := .root -}}
- { name: tmp, mountPath: /tmp }
{{- if and .spec.models (ne $root.Values.models.source "image") }}
- { name: models, mountPath: {{ $root.Values.models.mountPath }}, readOnly: true }
{{- end }}
{{- if include "atelier.usesTls" . }}
- { name: tls, mountPath: /var/run/atelier/tls, readOnly: true }
{{- end }}
{{- if and .spec.nats $root.Values.nats.authSecretName }}
- { name: nats-auth, mountPath: /var/run/atelier/nats, readOnly: true }
{{- end }}
{{- if and (get .spec "apiKeys") $root.Values.apiKeys.secretName }}
- { name: api-keys, mountPath: /var/run/atelier/api-keys, readOnly: true }
{{- end }}
{{- if and (eq .component "orchestrator") $root.Values.contentCredentials.secretName }}
- { name: content-credentials, mountPath: /var/run/atelier/content-credentials, readOnly: true }
{{- end }}
{{- end }}

{{- define "atelier.initContainers" -}}
{{- if and .spec.models (eq .root.Values.models.source "init") }}
{{- with .root.Values.models }}
initContainers:
  - name: models
    image: {{ required "models.init.image is needed when models.source is init" .init.image | quote }}
    {{- with .init.command }}
    command: {{- toYaml . | nindent 6 }}
    {{- end }}
    env:
      - { name: ATELIER_MODEL_TARGET, value: {{ .mountPath }} }
      {{- range $name, $value := .init.env }}
      - { name: {{ $name }}, value: {{ $value | quote }} }
      {{- end }}
    {{- include "atelier.containerSecurity" . | nindent 4 }}
    resources:
      requests: { cpu: 100m, memory: 128Mi }
      limits: { memory: 1Gi }
    volumeMounts:
      - { name: models, mountPath: {{ .mountPath }} }
      - { name: tmp, mountPath: /tmp }
{{- end }}
{{- end }}
{{- end }}

{{/* Whose NATS user a component is: the topology is declared by the orchestrator's, jobs are what their service is. */}}
{{- define "atelier.natsUser" -}}
{{- if eq .component "topology" -}}orchestrator
{{- else -}}{{ default .component (get .spec "service") }}
{{- end -}}
{{- end }}
