{{/* Names and labels. A component is a service, a job, or nats. */}}
{{- define "atelier.name" -}}
{{- printf "%s-%s" .root.Release.Name .component | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "atelier.selector" -}}
app.kubernetes.io/name: {{ .component }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "atelier.labels" -}}
{{ include "atelier.selector" . }}
app.kubernetes.io/part-of: atelier
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* The enabled services, each over the defaults, as YAML: name → service. */}}
{{- define "atelier.services" -}}
{{- $services := dict -}}
{{- range $name, $own := .Values.services -}}
{{- $service := mustMergeOverwrite (deepCopy $.Values.serviceDefaults) (deepCopy (default dict $own)) -}}
{{- if $service.enabled -}}{{- $_ := set $services $name $service -}}{{- end -}}
{{- end -}}
{{- range $name, $service := $services -}}
{{- range $service.calls -}}
{{- if not (hasKey $services .) -}}{{- fail (printf "services.%s.calls names %s, which is not enabled" $name .) -}}{{- end -}}
{{- end -}}
{{- if and (eq $service.autoscaling.kind "keda") (not $.Values.keda.enabled) -}}
{{- fail (printf "services.%s scales by keda, but keda.enabled is false" $name) -}}
{{- end -}}
{{- if gt (int $service.autoscaling.min) (int $service.autoscaling.max) -}}
{{- fail (printf "services.%s.autoscaling: min is above max" $name) -}}
{{- end -}}
{{- if and $service.persistence.enabled (or (gt (int $service.replicas) 1) (ne $service.autoscaling.kind "none")) -}}
{{- fail (printf "services.%s keeps its data in one volume and can have one replica only" $name) -}}
{{- end -}}
{{- end -}}
{{- toYaml $services -}}
{{- end }}

{{- define "atelier.image" -}}
{{- $registry := .root.Values.image.registry | trimSuffix "/" -}}
{{- $tag := default .root.Chart.AppVersion .root.Values.image.tag -}}
{{- printf "%s%s%s:%s%s" (ternary (print $registry "/") "" (ne $registry "")) .root.Values.image.prefix .image $tag (ternary "-gpu" "" .gpu) -}}
{{- end }}

{{/* What the restricted Pod Security Standard asks of a pod, and of a container. */}}
{{- define "atelier.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "atelier.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- define "atelier.natsUrl" -}}
{{- if eq .Values.nats.mode "external" -}}
{{- required "nats.url is needed when nats.mode is external" .Values.nats.url -}}
{{- else -}}
nats://{{ include "atelier.name" (dict "root" . "component" "nats") }}:4222
{{- end -}}
{{- end }}

{{- define "atelier.natsMonitoring" -}}
{{- if eq .Values.nats.mode "external" -}}
{{- required "nats.monitoringEndpoint is needed for keda when nats.mode is external" .Values.nats.monitoringEndpoint -}}
{{- else -}}
{{ include "atelier.name" (dict "root" . "component" "nats") }}.{{ .Release.Namespace }}.svc:8222
{{- end -}}
{{- end }}

{{- define "atelier.gpuScheduling" -}}
{{- with .runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* resources, with the GPUs when there are any. */}}
{{- define "atelier.resources" -}}
{{- $resources := deepCopy .resources -}}
{{- if .gpu.enabled -}}
{{- $_ := set $resources "limits" (merge (dict .gpu.resource (int .gpu.count)) (default dict $resources.limits)) -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end }}
